using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace RiskEngine.Kafka;

/// <summary>Finds librdkafka, the native half of the driver, and nothing else of the program ever needs it.</summary>
/// <remarks>
/// Looked for at the path that was given, else as <c>librdkafka.so.1</c> beside the program, else where native/build.sh leaves it in the checkout that the program was built in, else
/// where the system looks for libraries. It is loaded once for
/// the life of the process; the first path that worked stays. Thread-safe.
/// </remarks>
public static class KafkaLibrary
{
    /// <summary>The oldest version that has what the driver calls: below it consuming fails for want of entry points.</summary>
    private const int OldestVersion = 0x020e0000;

    private const string FileName = "librdkafka.so.1";

    private static readonly Lock Gate = new();
    private static nint _handle;

    /// <summary>Loads the library where it is not loaded yet.</summary>
    /// <param name="path">Full path of the file; null to look for it.</param>
    /// <returns>Null where it can be used; else why not, and what to do.</returns>
    public static string? Load(string? path)
    {
        lock (Gate)
        {
            if (_handle != 0) return null;
            var (handle, place) = Find(path);
            if (handle == 0)
            {
                return $"Kafka needs librdkafka, and {place} cannot be loaded. Build it with RiskEngine/RiskEngine.Kafka/native/build.sh (run.sh does so where Kafka is configured), or name the file with kafka.library.";
            }

            var version = VersionOf(handle);
            if (version < OldestVersion)
            {
                NativeLibrary.Free(handle);
                return $"Kafka needs librdkafka 2.14 or newer, and {place} is {Words(version)}. Build it with RiskEngine/RiskEngine.Kafka/native/build.sh, and name that file with kafka.library.";
            }

            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (name, _, _) => name == "librdkafka" ? handle : 0);
            _handle = handle;
            return null;
        }
    }

    private static (nint Handle, string Place) Find(string? path)
    {
        nint handle;
        if (path is not null) return NativeLibrary.TryLoad(path, out handle) ? (handle, path) : (0, path);
        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        if (NativeLibrary.TryLoad(beside, out handle)) return (handle, beside);
        if (InCheckout() is { } built && NativeLibrary.TryLoad(built, out handle)) return (handle, built);
        return NativeLibrary.TryLoad(FileName, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out handle) ? (handle, FileName) : (0, FileName);
    }

    private static string? InCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, ".local", "librdkafka", FileName);
            if (File.Exists(candidate)) return candidate;
        }

        return null;
    }

    private static int VersionOf(nint handle) =>
        NativeLibrary.TryGetExport(handle, "rd_kafka_version", out var entry) ? Marshal.GetDelegateForFunctionPointer<VersionFunction>(entry)() : 0;

    private static string Words(int version) => version == 0 ? "something else" : $"{version >> 24}.{(version >> 16) & 0xff}.{(version >> 8) & 0xff}";

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionFunction();
}
