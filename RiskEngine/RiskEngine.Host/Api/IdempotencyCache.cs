namespace RiskEngine.Host.Api;

/// <summary>Answers to requests that carried an <c>Idempotency-Key</c>, so that a repeated one gets the same answer and is not taken twice.</summary>
/// <remarks>
/// Thread-safe and bounded: the oldest give way, and nothing survives a restart. Then the ids do the work: they are derived from the key, so that
/// a repeated request's events are all duplicates.
/// </remarks>
internal sealed class IdempotencyCache(int capacity)
{
    private readonly Lock _change = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>What is known of a key.</summary>
    internal enum Standing : byte
    {
        /// <summary>Nothing; it is now under way and must be ended by <see cref="Complete"/> or <see cref="Abandon"/>.</summary>
        New,
        UnderWay,

        /// <summary>It was used for another body.</summary>
        Reused,
        Answered,
    }

    /// <param name="key">Hash of caller, route and key.</param>
    /// <param name="body">Hash of the body.</param>
    /// <param name="answer">The answer given then.</param>
    public Standing Begin(UInt128 key, UInt128 body, out byte[] answer)
    {
        answer = [];
        lock (_change)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                if (entry.Body != body) return Standing.Reused;
                if (entry.Answer is null) return Standing.UnderWay;
                answer = entry.Answer;
                return Standing.Answered;
            }

            _entries[key] = new Entry(body, null);
            return Standing.New;
        }
    }

    public void Complete(UInt128 key, UInt128 body, byte[] answer)
    {
        lock (_change)
        {
            _entries[key] = new Entry(body, answer);
            _order.Enqueue(key);
            if (_order.Count > capacity) _entries.Remove(_order.Dequeue());
        }
    }

    /// <summary>Forgets a request that was not taken: it may come again.</summary>
    public void Abandon(UInt128 key)
    {
        lock (_change)
        {
            _entries.Remove(key);
        }
    }

    private sealed record Entry(UInt128 Body, byte[]? Answer);
}
