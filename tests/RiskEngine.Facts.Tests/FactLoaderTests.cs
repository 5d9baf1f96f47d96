using System.IO.Compression;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Facts.Tests;

public sealed class FactLoaderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);
    private static readonly IpAddress Listed = IpAddress.Parse("8.8.8.8");

    private readonly TemporaryFolder _folder = new();
    private readonly FactLoader _loader = new(new ManualTimeProvider(Now));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_files_there_are_no_facts_and_no_reports()
    {
        var load = _loader.Load(new FactFiles(), FactLoad.Empty);

        Assert.Empty(load.Files);
        Assert.Equal(["city", "asn", "feeds"], load.Snapshot.Missing);
        Assert.Equal("none", load.Snapshot.Version);
    }

    [Fact]
    public void Missing_files_are_named_with_what_to_do()
    {
        var files = new FactFiles { City = [_folder.Path("no.mmdb")], Asn = [_folder.Path("no.csv")], Feeds = [Feed(_folder.Path("no.txt"))] };
        var load = _loader.Load(files, FactLoad.Empty);

        Assert.Equal(["city", "asn", "feeds"], load.Snapshot.Missing);
        Assert.All(load.Files, file => Assert.Equal((FactFileOutcome.Missing, false), (file.Outcome, file.IsServing)));
        Assert.Contains("geo.city", load.Files[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("geo.asn", load.Files[1].Remedy, StringComparison.Ordinal);
        Assert.Contains("feeds", load.Files[2].Remedy, StringComparison.Ordinal);
        Assert.Contains(_folder.Path("no.txt"), load.Files[2].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_each_kind_serve_together()
    {
        var files = new FactFiles
        {
            City = [_folder.Write("city.mmdb", SyntheticDatabase.Of("country_code", "US"))],
            Asn = [_folder.Write("asn.csv", "8.8.8.0,8.8.8.255,15169,Example\n")],
            Feeds = [Feed(_folder.Write("list.txt", "8.8.8.8 4\nnonsense\n"))],
        };
        var load = _loader.Load(files, FactLoad.Empty);
        var facts = load.Snapshot.Lookup(Listed);

        Assert.Equal(("US", 15169u, new FeedHit(0, 1.5f, 4)), (facts.Country.ToString(), facts.Asn, facts.GetFeedHit(0)));
        Assert.Empty(load.Snapshot.Missing);
        Assert.All(load.Files, file => Assert.Equal((FactFileOutcome.Loaded, true, null), (file.Outcome, file.IsServing, file.Reason)));
        Assert.Equal((1, 1), (load.Files[2].Entries, load.Files[2].Defects));
        Assert.Equal(["city.mmdb", "asn.csv", "list"], load.Snapshot.Sources.Select(source => source.Name));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), load.Snapshot.Sources[0].BuiltAt);
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 3, 0, TimeSpan.Zero), load.Snapshot.Sources[2].BuiltAt);
        Assert.Equal(Now, load.Snapshot.Sources[2].LoadedAt);
    }

    [Fact]
    public void Ranges_packed_with_gzip_are_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write("8.8.8.0,8.8.8.255,15169,Example\n"u8);
        var load = _loader.Load(new FactFiles { Asn = [_folder.Write("asn.csv.gz", packed.ToArray())] }, FactLoad.Empty);

        Assert.Equal("Example", load.Snapshot.OrganisationOf(15169));
    }

    [Fact]
    public void What_is_unchanged_is_not_read_again()
    {
        var files = Files("8.8.8.8");
        var first = _loader.Load(files, FactLoad.Empty);
        var second = _loader.Load(files, first);

        Assert.Equal(FactFileOutcome.Unchanged, second.Files[0].Outcome);
        Assert.Equal(first.Snapshot.Version, second.Snapshot.Version);
        Assert.Equal(1, second.Snapshot.Lookup(Listed).FeedHitCount);
    }

    [Fact]
    public void A_changed_file_changes_facts_and_version()
    {
        var first = _loader.Load(Files("8.8.8.8"), FactLoad.Empty);
        var second = _loader.Load(Files("9.9.9.9"), first);

        Assert.Equal(FactFileOutcome.Loaded, second.Files[0].Outcome);
        Assert.Equal(0, second.Snapshot.Lookup(Listed).FeedHitCount);
        Assert.Equal(1, first.Snapshot.Lookup(Listed).FeedHitCount);
        Assert.NotEqual(first.Snapshot.Version, second.Snapshot.Version);
    }

    [Theory, InlineData(20, FactFileOutcome.Loaded), InlineData(19, FactFileOutcome.Refused)]
    public void A_feed_may_shrink_to_a_fifth_and_no_further(int kept, FactFileOutcome outcome)
    {
        var first = _loader.Load(Files(Addresses(100)), FactLoad.Empty);
        var second = _loader.Load(Files(Addresses(kept)), first);

        Assert.Equal(outcome, second.Files[0].Outcome);
        Assert.Equal(outcome == FactFileOutcome.Loaded ? kept : 100, second.Files[0].Entries);
        Assert.Equal(outcome == FactFileOutcome.Refused, second.Files[0].Reason == $"it shrank from 100 to {kept} entries");
    }

    [Theory, InlineData(5), InlineData(0)]
    public void A_feed_that_this_program_writes_may_shrink_as_far_as_its_source_does(int kept)
    {
        var feed = Feed(_folder.Write("list.txt", $"# ours\n8.8.8.8\n{Addresses(100)}\n")) with { IsOurs = true };
        var first = _loader.Load(new FactFiles { Feeds = [feed] }, FactLoad.Empty);
        _folder.Write("list.txt", $"# ours\n{Addresses(kept)}\n");
        var second = _loader.Load(new FactFiles { Feeds = [feed] }, first);

        Assert.Equal((FactFileOutcome.Loaded, true, kept), (second.Files[0].Outcome, second.Files[0].IsServing, second.Files[0].Entries));
        Assert.Equal((1, 0), (first.Snapshot.Lookup(Listed).FeedHitCount, second.Snapshot.Lookup(Listed).FeedHitCount));
        Assert.Empty(second.Snapshot.UnloadedFeeds);
        Assert.Equal(FactFileOutcome.Loaded, _loader.Load(new FactFiles { Feeds = [feed] }, FactLoad.Empty).Files[0].Outcome);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("# nothing today\n", "it names no address")]
    [InlineData("<html>\n<body>\n404\n8.8.8.8\n</body>\n", "of its lines are not addresses")]
    public void A_broken_feed_is_refused_and_the_one_before_serves_on(string content, string reason)
    {
        var first = _loader.Load(Files("8.8.8.8"), FactLoad.Empty);
        var second = _loader.Load(Files(content), first);
        var third = _loader.Load(Files("8.8.8.8\n9.9.9.9"), second);

        Assert.Equal((FactFileOutcome.Refused, true), (second.Files[0].Outcome, second.Files[0].IsServing));
        Assert.Contains(reason, second.Files[0].Reason, StringComparison.Ordinal);
        Assert.NotNull(second.Files[0].Remedy);
        Assert.Equal(1, second.Snapshot.Lookup(Listed).FeedHitCount);
        Assert.Equal((FactFileOutcome.Loaded, null), (third.Files[0].Outcome, third.Files[0].Reason));
    }

    [Theory]
    [InlineData("", "which would find nothing to use"), InlineData("no address\n", "which would find nothing to use"), InlineData("9.9.9.9", "restart, which takes it")]
    public void Only_of_a_file_that_shrank_is_it_said_that_a_restart_takes_it(string content, string remedy)
    {
        var first = _loader.Load(Files(Addresses(100)), FactLoad.Empty);
        var second = _loader.Load(Files(content), first);
        var afterRestart = _loader.Load(new FactFiles { Feeds = [Feed(_folder.Path("list.txt"))] }, FactLoad.Empty);

        Assert.Contains(remedy, second.Files[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("serves on", second.Files[0].Remedy, StringComparison.Ordinal);
        Assert.Equal(remedy.Contains("takes it", StringComparison.Ordinal), afterRestart.Files[0].IsServing);
        Assert.DoesNotContain("serves on", afterRestart.Files[0].Remedy ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_that_vanished_it_is_said_that_it_serves_until_a_restart()
    {
        var files = Files("8.8.8.8");
        var first = _loader.Load(files, FactLoad.Empty);
        File.Delete(_folder.Path("list.txt"));

        Assert.Contains("serves on until a restart", _loader.Load(files, first).Files[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("this feed is silent", _loader.Load(files, FactLoad.Empty).Files[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_left_out_are_counted_by_reason_and_told_when_they_are_read()
    {
        var first = _loader.Load(Files("8.8.8.8\n0.0.0.0/0\n::/0\n10.0.0.0/8\n9.9.9.9\n1.1.1.1\n"), FactLoad.Empty);
        var second = _loader.Load(new FactFiles { Feeds = [Feed(_folder.Path("list.txt"))] }, first);

        Assert.Equal("3 lines left out (2 broader than a /8 or, of IPv6, a /16, 1 not public), the first is line 2", first.Files[0].LeftOut);
        Assert.Contains("Loaded, 3 entries serve; 3 lines left out", first.Files[0].ToString(), StringComparison.Ordinal);
        Assert.Equal((true, false), (first.Files[0].IsToBeTold, second.Files[0].IsToBeTold));
        Assert.Equal((first.Files[0].LeftOut, null), (second.Files[0].LeftOut, second.Files[0].Reason));
    }

    [Fact]
    public void A_feed_of_which_no_line_can_be_used_is_refused_with_the_reason() =>
        Assert.Equal("it names no address to use: 1 line left out (1 broader than a /8 or, of IPv6, a /16), the first is line 1", _loader.Load(Files("::/0\n"), FactLoad.Empty).Files[0].Reason);

    [Fact]
    public void A_feed_that_is_configured_and_not_loaded_is_told_apart_from_none()
    {
        var files = Files("");
        var load = _loader.Load(files with { Feeds = [.. files.Feeds, Feed(_folder.Write("other.txt", "8.8.8.8\n")) with { Name = "other" }] }, FactLoad.Empty);

        Assert.Equal(["list"], load.Snapshot.UnloadedFeeds);
        Assert.Equal(["city", "asn"], files.NotConfigured);
        Assert.Contains("feeds", load.Snapshot.Missing);
        Assert.Empty(_loader.Load(Files("8.8.8.8"), load).Snapshot.UnloadedFeeds);
    }

    [Fact]
    public void Gzip_that_is_cut_off_is_fetched_again()
    {
        var load = _loader.Load(new FactFiles { Asn = [_folder.Write("asn.csv.gz", [0x1F, 0x8B, 0, 1, 2, 3])] }, FactLoad.Empty);

        Assert.Contains("cannot be unpacked", load.Files[0].Reason, StringComparison.Ordinal);
        Assert.Contains("Fetch the file again", load.Files[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_file_stays_refused_until_it_changes()
    {
        var refused = _loader.Load(Files(""), FactLoad.Empty);
        var again = _loader.Load(new FactFiles { Feeds = [Feed(_folder.Path("list.txt"))] }, refused);

        Assert.Equal((FactFileOutcome.Refused, "the file is empty", false), (again.Files[0].Outcome, again.Files[0].Reason, again.Files[0].IsServing));
        Assert.Equal(["city", "asn", "feeds"], again.Snapshot.Missing);
    }

    [Fact]
    public void A_file_that_vanishes_serves_on_and_is_reported()
    {
        var files = Files("8.8.8.8");
        var first = _loader.Load(files, FactLoad.Empty);
        File.Delete(_folder.Path("list.txt"));
        var second = _loader.Load(files, first);

        Assert.Equal((FactFileOutcome.Missing, true), (second.Files[0].Outcome, second.Files[0].IsServing));
        Assert.Equal(1, second.Snapshot.Lookup(Listed).FeedHitCount);
    }

    [Fact]
    public void A_database_that_is_cut_off_or_corrupt_is_refused_and_the_one_before_serves_on()
    {
        var whole = SyntheticDatabase.Of("country_code", "US");
        var files = new FactFiles { City = [_folder.Write("city.mmdb", whole)] };
        var load = _loader.Load(files, FactLoad.Empty);
        foreach (var (content, reason) in new (byte[], MmdbFault)[]
        {
            (whole[..^100], MmdbFault.NoMetadata), (whole[..^5], MmdbFault.FieldBeyondData), ([.. whole[..2], 90, .. whole[3..]], MmdbFault.RecordBeyondData),
            ([.. whole[..22], 0xE2, .. whole[23..]], MmdbFault.FieldBeyondData), ([0, 0, 1, 0, 0, 1, .. whole[6..]], MmdbFault.Empty), ([1, .. whole], MmdbFault.NoSeparator),
        })
        {
            _folder.Write("city.mmdb", content);
            load = _loader.Load(files, load);
            Assert.Equal((FactFileOutcome.Refused, reason.Text()), (load.Files[0].Outcome, load.Files[0].Reason));
            Assert.Equal("US", load.Snapshot.Lookup(Listed).Country.ToString());
        }

        _folder.Write("city.mmdb", SyntheticDatabase.Of("country_code", "CA"));
        Assert.Equal("CA", _loader.Load(files, load).Snapshot.Lookup(Listed).Country.ToString());
    }

    [Fact]
    public void A_database_of_another_kind_is_refused()
    {
        var path = _folder.Write("a.mmdb", SyntheticDatabase.Of("domain", "example.org"));
        var load = _loader.Load(new FactFiles { City = [path], Asn = [path] }, FactLoad.Empty);

        Assert.Equal(["its records name neither country nor location", "its records name neither an autonomous system nor a kind of network"], load.Files.Select(file => file.Reason));
    }

    [Fact]
    public void Text_that_is_no_CSV_of_ranges_is_refused() =>
        Assert.Contains("neither", _loader.Load(new FactFiles { Asn = [_folder.Write("a.csv", "not found\n")] }, FactLoad.Empty).Files[0].Reason, StringComparison.Ordinal);

    [Fact]
    public void A_folder_in_place_of_a_file_is_missing_and_does_no_harm() =>
        Assert.Equal(FactFileOutcome.Missing, _loader.Load(new FactFiles { City = [Path.GetTempPath()] }, FactLoad.Empty).Files[0].Outcome);

    [SharedDataFact]
    public void Real_files_are_taken_and_their_halves_refused()
    {
        var country = File.ReadAllBytes(SharedData.Path("geo-asn", "geo-whois-asn-country.mmdb"));
        var files = new FactFiles
        {
            City = [_folder.Write("country.mmdb", country)],
            Asn = [SharedData.Path("geo-asn", "asn-ipv4.csv.gz")],
            Feeds = [Feed(SharedData.Path("ip-reputation", "ipsum.txt")), Feed(SharedData.Path("ip-reputation", "tor_exits.csv"), FeedGroup.Tor)],
        };
        var load = _loader.Load(files, FactLoad.Empty);
        Assert.All(load.Files, file => Assert.Equal(FactFileOutcome.Loaded, file.Outcome));
        Assert.Equal("US", load.Snapshot.Lookup(Listed).Country.ToString());
        Assert.Equal(15169u, load.Snapshot.Lookup(Listed).Asn);
        Assert.Equal(10, load.Snapshot.Lookup(IpAddress.Parse("77.90.185.20")).GetFeedHit(0).Lists);
        Assert.Equal(NetworkKinds.Tor, load.Snapshot.Lookup(IpAddress.Parse("204.8.96.141")).Networks);

        _folder.Write("country.mmdb", country[..(country.Length / 2)]);
        load = _loader.Load(files, load);
        Assert.Equal(FactFileOutcome.Refused, load.Files[0].Outcome);
        Assert.Equal("US", load.Snapshot.Lookup(Listed).Country.ToString());
    }

    private static FeedFile Feed(string path, FeedGroup group = FeedGroup.Reputation) => new() { Name = "list", Path = path, Group = group, Evidence = 1.5f };

    private static string Addresses(int count) => string.Join('\n', Enumerable.Range(1, count).Select(i => $"8.8.{i}.1"));

    private FactFiles Files(string feed) => new() { Feeds = [Feed(_folder.Write("list.txt", Encoding.UTF8.GetBytes(feed)))] };
}
