using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.CrowdSec;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>Decisions of CrowdSec as a feed.</summary>
public sealed class LapiFeedTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [CrowdsecFact]
    public async Task Decisions_of_the_real_LAPI_become_the_file_of_a_feed_and_stay_while_it_is_away()
    {
        using var folder = new TemporaryFolder();
        await using var lapi = await RealLapi.StartAsync();
        await lapi.CscliAsync("decisions", "add", "--ip", "203.0.113.50", "-d", "1h");
        await lapi.CscliAsync("decisions", "add", "--range", "198.51.100.0/24", "-d", "1h");
        await lapi.CscliAsync("decisions", "add", "--scope", "username", "--value", "mallory", "-d", "1h");
        using var instruments = new InstrumentSet();
        using var feed = Feed(folder, lapi.Url, instruments);

        Assert.Equal(TimeSpan.FromSeconds(1), await feed.PollAsync(CancellationToken.None));
        Assert.Equal(["198.51.100.0/24", "203.0.113.50"], Lines(folder));

        await lapi.CscliAsync("decisions", "delete", "--ip", "203.0.113.50");
        await lapi.CscliAsync("decisions", "add", "--ip", "2001:db8::7", "-d", "1h");
        await feed.PollAsync(CancellationToken.None);
        Assert.Equal(["198.51.100.0/24", "2001:db8::7"], Lines(folder));

        await lapi.StopAsync();
        Assert.True(await feed.PollAsync(CancellationToken.None) > TimeSpan.FromSeconds(1));
        Assert.Equal(["198.51.100.0/24", "2001:db8::7"], Lines(folder));
        await lapi.ServeAsync();
        await lapi.CscliAsync("decisions", "delete", "--range", "198.51.100.0/24");
        await feed.PollAsync(CancellationToken.None);
        Assert.Equal(["2001:db8::7"], Lines(folder));
        folder.Write("key", "a-wrong-key");
        Assert.True(await feed.PollAsync(CancellationToken.None) > TimeSpan.FromSeconds(1));
        Assert.Equal(["2001:db8::7"], Lines(folder));
    }

    [CrowdsecFact]
    public async Task The_program_judges_by_what_the_real_LAPI_decided()
    {
        using var folder = new TemporaryFolder();
        await using var lapi = await RealLapi.StartAsync();
        await lapi.CscliAsync("decisions", "add", "--ip", "203.0.113.50", "-d", "1h");
        folder.Write("key", RealLapi.Key);
        folder.Write("riskengine.yaml", $$"""
            feeds:
              - name: crowdsec
                path: crowdsec.txt
                group: list
                crowdsec: { url: '{{lapi.Url.GetLeftPart(UriPartial.Authority)}}', key_file: key, poll_seconds: 1 }
            """);
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var admin = server.Client();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await admin.GetStringAsync("/metrics", patience.Token)).Contains("riskengine_feed_entries{feed=\"crowdsec\"} 1", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }

        Assert.Contains("\"crowdsec\"", await admin.GetStringAsync("/api/v1/ips/203.0.113.50", patience.Token), StringComparison.Ordinal);
        Assert.DoesNotContain("\"crowdsec\"", await admin.GetStringAsync("/api/v1/ips/203.0.113.51", patience.Token), StringComparison.Ordinal);

        // The last decision ends, and the feed names nobody any more.
        await lapi.CscliAsync("decisions", "delete", "--ip", "203.0.113.50");
        while ((await admin.GetStringAsync("/api/v1/ips/203.0.113.50", patience.Token)).Contains("\"crowdsec\"", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }

        Assert.Contains("riskengine_feed_age_seconds{feed=\"crowdsec\"}", await admin.GetStringAsync("/metrics", patience.Token), StringComparison.Ordinal);
    }

    [CrowdsecFact]
    public async Task What_could_not_be_written_is_written_by_the_next_poll()
    {
        using var folder = new TemporaryFolder();
        await using var lapi = await RealLapi.StartAsync();
        using var instruments = new InstrumentSet();
        using var feed = Feed(folder, lapi.Url, instruments);
        await feed.PollAsync(CancellationToken.None);
        Directory.CreateDirectory(folder.File("crowdsec.txt.new"));
        await lapi.CscliAsync("decisions", "add", "--ip", "203.0.113.50", "-d", "1h");
        Assert.True(await feed.PollAsync(CancellationToken.None) > TimeSpan.FromSeconds(1));
        Assert.Empty(Lines(folder));

        Directory.Delete(folder.File("crowdsec.txt.new"));
        Assert.Equal(TimeSpan.FromSeconds(1), await feed.PollAsync(CancellationToken.None));
        Assert.Equal(["203.0.113.50"], Lines(folder));
    }

    [Fact]
    public void What_ends_at_the_LAPI_ends_here_although_nobody_says_so()
    {
        var mirror = new LapiMirror(10);
        Assert.True(mirror.Take(Stream("""{"new":[{"duration":"59m58.240186529s","id":1,"scope":"Ip","type":"ban","value":"203.0.113.1"},{"duration":"2h0m0s","scope":"ip","value":"203.0.113.2"}]}"""), isWhole: true, Now));
        Assert.False(mirror.Take(Stream("""{"new":null,"deleted":null}"""), isWhole: false, Now + TimeSpan.FromMinutes(59)));
        Assert.True(mirror.Take(Stream("{}"), isWhole: false, Now + TimeSpan.FromHours(1)));
        Assert.Equal(1, mirror.Count);
    }

    [Fact]
    public void What_is_deleted_and_new_in_one_answer_stands()
    {
        var mirror = new LapiMirror(10);
        mirror.Take(Stream("""{"new":[{"duration":"1h","scope":"Ip","value":"203.0.113.1"}]}"""), isWhole: true, Now);
        mirror.Take(Stream("""{"new":[{"duration":"2h","scope":"Ip","value":"203.0.113.1"}],"deleted":[{"duration":"-1s","scope":"Ip","value":"203.0.113.1"}]}"""), isWhole: false, Now);
        Assert.Equal(1, mirror.Count);
    }

    [Fact]
    public void An_answer_that_is_all_there_is_takes_the_place_of_what_was_known()
    {
        var mirror = new LapiMirror(10);
        mirror.Take(Stream("""{"new":[{"duration":"1h","scope":"Ip","value":"203.0.113.1"}]}"""), isWhole: true, Now);
        Assert.True(mirror.Take(Stream("""{"new":null}"""), isWhole: true, Now));
        Assert.Equal(0, mirror.Count);
    }

    [Fact]
    public void Nonsense_is_left_out_and_counted_and_so_is_what_finds_no_room()
    {
        var mirror = new LapiMirror(1);
        mirror.Take(
            Stream("""
                {"new":[{"duration":"1h","scope":"Ip","value":"203.0.113.1"},{"duration":"1h","scope":"Ip","value":"203.0.113.2"},{"duration":"soon","scope":"Ip","value":"203.0.113.1"},
                {"duration":"1h","scope":"username","value":"jane"},{"duration":"1h","scope":"Range","value":"203.0.113.7/24"},{"scope":"Ip"},{},{"duration":"1h","scope":"Ip","value":"nowhere\n10.0.0.1"}]}
                """),
            isWhole: true, Now);
        Assert.Equal((1, 7), (mirror.Count, mirror.LeftOut));
    }

    private static LapiStream Stream(string json) => JsonSerializer.Deserialize(json, LapiJson.Default.LapiStream)!;

    private static LapiFeed Feed(TemporaryFolder folder, Uri lapi, InstrumentSet instruments)
    {
        var settings = new FeedSettings
        {
            Name = "crowdsec", Path = folder.File("crowdsec.txt"), Group = FeedGroup.List,
            Crowdsec = new CrowdsecFeedSettings { Url = lapi, KeyFile = folder.Write("key", RealLapi.Key), PollSeconds = 1 },
        };
        return new LapiFeed(settings, new OutboundRules(), new FeedPollMetrics(instruments, ["crowdsec"]), NullLogger.Instance, TimeProvider.System);
    }

    private static string[] Lines(TemporaryFolder folder) => [.. File.ReadAllLines(folder.File("crowdsec.txt")).Where(line => !line.StartsWith('#'))];
}
