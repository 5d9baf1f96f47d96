using RiskEngine.Collectors.Authentik;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Authentik;

public sealed class AuthentikSessionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = Polled.Now;

    private readonly List<(string Subject, string Ip, EventTime At, UInt128 Session)> _told = [];
    private readonly ManualTimeProvider _clock = new(Now);
    private AuthentikStandIn _authentik = null!;
    private AuthentikClient _client = null!;
    private AuthentikSessionCollector _collector = null!;

    public async Task InitializeAsync()
    {
        _authentik = await AuthentikStandIn.StartAsync();
        var settings = new AuthentikCollectorSettings { Url = _authentik.Url, ReadToken = () => AuthentikStandIn.Token };
        _client = new AuthentikClient(settings, TimeProvider.System);
        _collector = new AuthentikSessionCollector(settings, new FormatContext { Hash = new KeyedHash("0123456789abcdef"u8), Clock = _clock }, _client);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _authentik.DisposeAsync();
    }

    [Fact]
    public async Task A_session_is_told_when_it_is_new_and_not_again_while_nothing_changes()
    {
        _authentik.Sessions.Add(Session(secondsAgo: 30));
        await PollAsync();
        Replace(Session(secondsAgo: 0));
        await PollAsync();
        var told = Assert.Single(_told);
        Assert.Equal(("42", "203.0.113.7", EventTime.From(Now.AddSeconds(-30))), (told.Subject, told.Ip, told.At));
        Assert.Equal(new KeyedHash("0123456789abcdef"u8).Session("5e55"u8), told.Session);
    }

    [Fact]
    public async Task It_is_told_again_from_another_address_and_after_an_hour()
    {
        _authentik.Sessions.Add(Session(30));
        await PollAsync();
        Replace(Session(20) with { Ip = "198.51.100.66" });
        await PollAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        Replace(Session(-3000) with { Ip = "198.51.100.66" });
        await PollAsync();
        Assert.Equal(2, _told.Count);
        Replace(Session(-3600) with { Ip = "198.51.100.66" });
        await PollAsync();
        Assert.Equal(["203.0.113.7", "198.51.100.66", "198.51.100.66"], _told.Select(told => told.Ip));
    }

    [Fact]
    public async Task Sessions_of_all_pages_are_read_and_those_at_rest_left_out()
    {
        for (var i = 0; i < 150; i++) _authentik.Sessions.Add(Session(60) with { Uuid = $"s{i}" });
        _authentik.Sessions.Add(Session(86_000) with { Uuid = "yesterday" });
        _authentik.Sessions.Add(Session(87_000) with { Uuid = "before" });
        await PollAsync();
        Assert.Equal(151, _told.Count);
    }

    [Fact]
    public async Task Sessions_beyond_what_a_poll_reads_are_told_of_also_where_pages_are_short()
    {
        _authentik.LargestPage = 2;
        for (var i = 0; i < 120; i++) _authentik.Sessions.Add(Session(60) with { Uuid = $"s{i}" });
        var result = await _collector.PollAsync((_, _, _, _) => Task.CompletedTask, CancellationToken.None);
        Assert.StartsWith("there are 20 sessions more", result.Fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_session_is_told_once_and_costs_itself_alone()
    {
        _authentik.Sessions.Add(Session(30) with { Uuid = "bad", Ip = "nowhere" });
        _authentik.Sessions.Add(Session(30));
        Assert.Equal((1, 1), (await PollAsync(), _told.Count));
        Assert.Equal((0, 1), (await PollAsync(), _told.Count));
    }

    [Fact]
    public async Task A_session_with_half_a_character_costs_itself_alone()
    {
        var page = $$"""
            {"pagination":{"next":0,"count":2,"total_pages":1},"results":[
            {"uuid":"bad","user":41,"last_ip":"203.0.113.7","last_user_agent":"\ud800","last_used":"{{Now.AddSeconds(-30):O}}"},
            {"uuid":"good","user":42,"last_ip":"203.0.113.7","last_user_agent":"x","last_used":"{{Now.AddSeconds(-30):O}}"}]}
            """;
        _authentik.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(page));
        };
        Assert.Equal((1, 1), (await PollAsync(), _told.Count));
        Assert.Equal("42", _told[0].Subject);
    }

    private static StandInSession Session(int secondsAgo) => new("5e55", 42, Now.AddSeconds(-secondsAgo), "203.0.113.7");

    private void Replace(StandInSession session)
    {
        _authentik.Sessions.Clear();
        _authentik.Sessions.Add(session);
    }

    /// <summary>Polls and returns how many sessions were faulty.</summary>
    private async Task<int> PollAsync()
    {
        var faulty = 0;
        var result = await _collector.PollAsync(
            (batch, rejected, _, _) =>
            {
                foreach (ref readonly var e in batch.Events) _told.Add((batch.String(e.SubjectId), e.SourceIp.ToString(), e.OccurredAt, e.Session));
                faulty = rejected.Count;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.Null(result.Fault);
        return faulty;
    }
}
