using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Facts;

public sealed class FactSnapshotTests
{
    private const string Ranges = "1.0.0.0,1.0.0.255,64500,\"Example, \"\"the\"\" Inc.\"\n2001:db8::,2001:db8::ffff,AS64501,Six\nfirst,last,asn,name\n9.0.0.0,8.0.0.0,1,backwards\n5.0.0.0,5.0.0.9,0,Not routed\n";

    [Fact]
    public void The_empty_snapshot_knows_only_scopes()
    {
        var facts = FactSnapshot.Empty.Lookup(IpAddress.Parse("8.8.8.8"));

        Assert.Equal((AddressScope.Public, default, 0u, 0), (facts.Scope, facts.Country, facts.Asn, facts.FeedHitCount));
        Assert.False(facts.HasLocation);
        Assert.True(float.IsNaN(facts.AccuracyRadiusKm));
        Assert.Equal(["city", "asn", "feeds"], FactSnapshot.Empty.Missing);
        Assert.Equal("none", FactSnapshot.Empty.Version);
    }

    [SharedDataFact]
    public void The_nested_schema_is_read()
    {
        var snapshot = new FactSnapshot(new FactParts { City = [TestDatabases.Open("GeoIP2-City-Test.mmdb")], Asn = [new AsnDatabase(TestDatabases.Open("GeoLite2-ASN-Test.mmdb"))] });
        var facts = snapshot.Lookup(IpAddress.Parse("81.2.69.160"));

        Assert.Equal(("GB", 51.5142f, -0.0931f, 100f), (facts.Country.ToString(), facts.Latitude, facts.Longitude, facts.AccuracyRadiusKm));
        Assert.Equal("London", snapshot.CityOf(IpAddress.Parse("81.2.69.160")));
        Assert.Equal(1221u, snapshot.Lookup(IpAddress.Parse("1.128.0.1")).Asn);
        Assert.Equal("Telstra Pty Ltd", snapshot.OrganisationOf(1221));
        Assert.Null(snapshot.OrganisationOf(4_000_000_000));
        Assert.Equal(["feeds"], snapshot.Missing);
    }

    [SharedDataFact]
    public void Kinds_of_network_are_read_from_databases_of_anonymisers()
    {
        var snapshot = new FactSnapshot(new FactParts { Asn = [new AsnDatabase(TestDatabases.Open("GeoIP2-Anonymous-IP-Test.mmdb"))] });

        Assert.Equal(NetworkKinds.Tor | NetworkKinds.Vpn | NetworkKinds.DataCentre, snapshot.Lookup(IpAddress.Parse("81.2.69.1")).Networks);
    }

    [Fact]
    public void The_flat_schema_is_read()
    {
        var snapshot = new FactSnapshot(new FactParts { City = [TestDatabases.Open(Synthetic.Database(Synthetic.Map("country_code", "NO")))] });

        Assert.Equal("NO", snapshot.Lookup(IpAddress.Parse("1.2.3.4")).Country.ToString());
        Assert.Null(snapshot.CityOf(IpAddress.Parse("1.2.3.4")));
        Assert.Equal("Oslo", new FactSnapshot(new FactParts { City = [TestDatabases.Open(Synthetic.Database(Synthetic.Map("city", "Oslo")))] }).CityOf(IpAddress.Parse("1.2.3.4")));
    }

    [Fact]
    public void The_first_database_that_knows_an_address_wins()
    {
        var snapshot = new FactSnapshot(new FactParts
        {
            City =
            [
                TestDatabases.Open(Synthetic.Database(Synthetic.Map("country_code", "NO"), ip: 4)),
                TestDatabases.Open(Synthetic.Database(Synthetic.Map("country_code", "SE"), ip: 6)),
            ],
        });

        Assert.Equal("NO", snapshot.Lookup(IpAddress.Parse("1.2.3.4")).Country.ToString());
        Assert.Equal("SE", snapshot.Lookup(IpAddress.Parse("2001:db8::1")).Country.ToString());
    }

    [Fact]
    public void Autonomous_systems_are_read_from_CSV_of_ranges()
    {
        var ranges = AsnRanges.Parse(Encoding.UTF8.GetBytes(Ranges));
        var snapshot = new FactSnapshot(new FactParts { Asn = [new AsnDatabase(ranges)] });

        Assert.Equal(2, ranges.Defects);
        Assert.Equal([64500u, 64500u, 0u, 64501u, 0u, 0u], ((string[])["1.0.0.0", "1.0.0.255", "1.0.1.0", "2001:db8::1", "2001:db9::1", "5.0.0.1"]).Select(text => snapshot.Lookup(IpAddress.Parse(text)).Asn));
        Assert.Equal("Example, \"the\" Inc.", snapshot.OrganisationOf(64500));
    }

    [SharedDataTheory, InlineData("10.1.2.3"), InlineData("127.0.0.1"), InlineData("fe80::1"), InlineData("100.64.0.1"), InlineData("::")]
    public void Nothing_is_known_of_addresses_that_are_not_public(string address)
    {
        var facts = new FactSnapshot(new FactParts { City = [TestDatabases.Open(Synthetic.Database(Synthetic.Map("country_code", "NO"), ip: 6))] }).Lookup(IpAddress.Parse(address));

        Assert.False(facts.Country.IsKnown);
        Assert.NotEqual(AddressScope.Public, facts.Scope);
    }

    [Fact]
    public void The_version_follows_contents_and_the_meaning_of_feeds()
    {
        var source = new FactSource("a", FactKind.Feed, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "00");
        var feed = new Feed("a", FeedGroup.List, 1, FeedParser.Parse("8.8.8.8"u8));
        var parts = new FactParts { Feeds = [feed], Sources = [source] };
        var version = new FactSnapshot(parts).Version;

        Assert.Matches("^[0-9a-f]{12}$", version);
        Assert.Equal(version, new FactSnapshot(parts with { Sources = [source with { LoadedAt = DateTimeOffset.MaxValue }] }).Version);
        Assert.NotEqual(version, new FactSnapshot(parts with { Sources = [source with { ContentHash = "01" }] }).Version);
        Assert.NotEqual(version, new FactSnapshot(parts with { Feeds = [feed with { Evidence = 2 }] }).Version);
        Assert.NotEqual(version, new FactSnapshot(parts with { Feeds = [feed with { Group = FeedGroup.Tor }] }).Version);
    }

    [SharedDataFact]
    public void A_look_up_allocates_nothing()
    {
        var snapshot = new FactSnapshot(new FactParts
        {
            City = [TestDatabases.Open("GeoIP2-City-Test.mmdb")],
            Asn = [new AsnDatabase(TestDatabases.Open("GeoLite2-ASN-Test.mmdb")), new AsnDatabase(AsnRanges.Parse(Encoding.UTF8.GetBytes(Ranges)))],
            Feeds = [new Feed("a", FeedGroup.Reputation, 1, FeedParser.Parse("81.2.69.0/24\nAS1221"u8))],
        });
        var addresses = ((string[])["81.2.69.160", "1.128.0.1", "2001:218::1", "1.0.0.1", "10.0.0.1"]).Select(IpAddress.Parse).ToArray();
        foreach (var address in addresses) snapshot.Lookup(address);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++) snapshot.Lookup(addresses[i % addresses.Length]);
        }));
    }

    [Fact]
    public void Age_counts_from_when_the_content_was_made()
    {
        var source = new FactSource("a", FactKind.Feed, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(9), "00");

        Assert.Equal(TimeSpan.FromDays(10), source.AgeAt(DateTimeOffset.UnixEpoch.AddDays(10)));
        Assert.Equal(TimeSpan.Zero, source.AgeAt(DateTimeOffset.UnixEpoch.AddDays(-1)));
    }
}
