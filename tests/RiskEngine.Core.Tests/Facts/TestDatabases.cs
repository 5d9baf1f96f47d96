using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Facts;

/// <summary>MaxMind's own test files, where they are.</summary>
internal static class TestDatabases
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(SharedData.Path("maxmind-test-data", name));

    public static MmdbReader Open(string name) => Open(Bytes(name));

    public static MmdbReader Open(byte[] file)
    {
        Assert.Equal(MmdbFault.None, MmdbReader.TryOpen(file, out var reader));
        return reader!;
    }

    public static IEnumerable<string> Names() => Directory.GetFiles(SharedData.Path("maxmind-test-data"), "*.mmdb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
