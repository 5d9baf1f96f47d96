using RiskEngine.Collectors.Authentik;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>A collector at a stand-in, and what it handed over.</summary>
internal sealed class Polled : IDisposable
{
    private readonly AuthentikClient _client;

    public Polled(AuthentikStandIn authentik, AuthentikCursor? cursor = null, Func<AuthentikCollectorSettings, AuthentikCollectorSettings>? change = null)
    {
        var settings = new AuthentikCollectorSettings { Url = authentik.Url, ReadToken = () => Token };
        settings = change?.Invoke(settings) ?? settings;
        _client = new AuthentikClient(settings, TimeProvider.System);
        Collector = new AuthentikCollector(settings, new FormatContext { Hash = new KeyedHash("0123456789abcdef"u8), Clock = Clock }, _client, cursor);
    }

    public static DateTimeOffset Now { get; } = new(2026, 11, 21, 21, 0, 0, TimeSpan.Zero);

    public ManualTimeProvider Clock { get; } = new(Now);

    public AuthentikCollector Collector { get; }

    public string? Token { get; set; } = AuthentikStandIn.Token;

    public List<string> Ids { get; } = [];

    public List<RejectedRecord> Rejected { get; } = [];

    public string? Cursor { get; private set; }

    public static StandInRow Row(int number, double secondsAgo, string action = "login") => new($"{number:x8}-0000-4000-8000-000000000000", Now.AddSeconds(-secondsAgo), action);

    /// <summary>Rows a second apart, the last of them a second ago.</summary>
    public static IEnumerable<StandInRow> Rows(int count) => Enumerable.Range(0, count).Select(i => Row(i, count - i));

    public static string[] IdsOf(int count) => [.. Rows(count).Select(row => row.Pk)];

    public Task<PollResult> PollAsync() => Collector.PollAsync(TakeAsync, CancellationToken.None);

    public async Task PollUntilCaughtUpAsync(int most = 100)
    {
        for (var i = 0; i < most; i++)
        {
            var result = await PollAsync();
            Assert.Null(result.Fault);
            if (result.Waiting == 0) return;
        }

        Assert.Fail($"{most} polls and not caught up.");
    }

    public void Dispose() => _client.Dispose();

    private Task TakeAsync(EventBatch batch, IReadOnlyList<RejectedRecord> rejected, string? cursor, CancellationToken cancellation)
    {
        foreach (ref readonly var e in batch.Events) Ids.Add(batch.String(e.Id));
        Rejected.AddRange(rejected);
        Cursor = cursor;
        return Task.CompletedTask;
    }
}
