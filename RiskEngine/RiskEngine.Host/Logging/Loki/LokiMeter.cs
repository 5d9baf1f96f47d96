using RiskEngine.Responders;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Why an entry did not reach Loki. A closed set: a label of metrics.</summary>
internal enum LokiLoss
{
    /// <summary>Too many or too large ones waited.</summary>
    Full,

    /// <summary>More assessments in a second than are sent.</summary>
    Rate,

    /// <summary>Loki does not take it, and never will.</summary>
    Rejected,

    /// <summary>It waited too long.</summary>
    Expired,

    /// <summary>The program ended before it was sent.</summary>
    Stopped,
}

/// <summary>What became of entries and requests.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LokiMeter
{
    private readonly long[] _lost = new long[Losses.Count];
    private readonly long[] _sent = new long[3];
    private readonly long[] _requests = new long[DeliveryReasons.Outcomes.Count];
    private long _lastSuccess;

    /// <summary>Gets every reason, with its name.</summary>
    public static IReadOnlyList<(LokiLoss Loss, string Name)> Losses { get; } = [.. Enum.GetValues<LokiLoss>().Select(loss => (loss, loss.ToString().ToLowerInvariant()))];

    /// <summary>Gets when Loki took something last, in seconds since 1970; 0 where it never did.</summary>
    public double LastSuccess => Interlocked.Read(ref _lastSuccess) / 1000.0;

    public long AllLost => Losses.Sum(loss => Lost(loss.Loss));

    public long Lost(LokiLoss loss) => Interlocked.Read(ref _lost[(int)loss]);

    /// <summary>Entries of a stream, by its number: app, audit, assessment.</summary>
    public long Sent(int stream) => Interlocked.Read(ref _sent[stream]);

    /// <summary>Requests by the number of their outcome in <see cref="DeliveryReasons.Outcomes"/>.</summary>
    public long Requests(int outcome) => Interlocked.Read(ref _requests[outcome]);

    public void Lose(LokiLoss loss, int entries = 1) => Interlocked.Add(ref _lost[(int)loss], entries);

    public void Send(ReadOnlySpan<LokiEntry> entries, DateTimeOffset now)
    {
        foreach (ref readonly var entry in entries) Interlocked.Increment(ref _sent[int.Log2((int)entry.Stream)]);
        Interlocked.Exchange(ref _lastSuccess, now.ToUnixTimeMilliseconds());
    }

    public void Asked(string outcome)
    {
        for (var i = 0; i < _requests.Length; i++)
        {
            if (DeliveryReasons.Outcomes[i] == outcome) Interlocked.Increment(ref _requests[i]);
        }
    }
}
