using System.Globalization;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>What the system has counted of one process so far (Linux, proc(5)).</summary>
/// <param name="Processor">Time in the program and in the system for it, in steps of 10 ms.</param>
/// <param name="Written">Bytes handed to the system to be written, to sockets too.</param>
/// <param name="Resident">Bytes of memory.</param>
internal readonly record struct ProcessCounters(TimeSpan Processor, long Written, long Resident)
{
    private const int TicksPerSecond = 100;

    public static ProcessCounters Of(int process)
    {
        var folder = $"/proc/{process}";
        var stat = File.ReadAllText($"{folder}/stat");
        // The name stands in brackets and may hold blanks; 11 fields lie between it and the times.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessCounters(TimeSpan.FromSeconds(ticks / (double)TicksPerSecond), Number($"{folder}/io", "wchar: "), Number($"{folder}/status", "VmRSS:") << 10);
    }

    private static long Number(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{file} has no {name}");
}
