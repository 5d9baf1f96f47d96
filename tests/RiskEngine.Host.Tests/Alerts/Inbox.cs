namespace RiskEngine.Host.Tests.Alerts;

/// <summary>Messages in the order in which they came, and who waits for one.</summary>
internal sealed class Inbox<T>
{
    private readonly List<T> _messages = [];
    private readonly List<(Predicate<T> Wanted, TaskCompletionSource<T> Seen)> _awaited = [];

    /// <summary>Gets what came so far.</summary>
    public T[] All
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    public void Add(T message)
    {
        lock (_messages)
        {
            _messages.Add(message);
            foreach (var (wanted, seen) in _awaited)
            {
                if (wanted(message)) seen.TrySetResult(message);
            }
        }
    }

    /// <summary>The first message of that kind, from now or before.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<T> SeeAsync(Predicate<T> wanted, TimeSpan patience)
    {
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_messages)
        {
            var at = _messages.FindIndex(wanted);
            if (at >= 0) return _messages[at];
            _awaited.Add((wanted, seen));
        }

        return await seen.Task.WaitAsync(patience);
    }
}
