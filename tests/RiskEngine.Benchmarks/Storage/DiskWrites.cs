using System.Globalization;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>Bytes that this process has handed to the system to be written, where the system says so (Linux, proc(5)); otherwise 0.</summary>
internal static class DiskWrites
{
    private const string Counters = "/proc/self/io", Name = "wchar: ";

    public static long Bytes => File.Exists(Counters) && File.ReadLines(Counters).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
        ? long.Parse(line.AsSpan(Name.Length), CultureInfo.InvariantCulture)
        : 0;
}
