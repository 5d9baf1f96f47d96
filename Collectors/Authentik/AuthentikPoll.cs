namespace RiskEngine.Collectors.Authentik;

/// <summary>One poll under way: how much it may still read, and what it came to so far. Not thread-safe.</summary>
internal sealed class AuthentikPoll(TakeRows take, CancellationToken cancellation)
{
    public TakeRows Take { get; } = take;

    public CancellationToken Cancellation { get; } = cancellation;

    public int Pages { get; set; }

    public int Rows { get; set; }

    public long Waiting { get; set; }

    /// <summary>Gets whether the poll reads again what lies before the cursor.</summary>
    public bool IsInOverlap { get; set; }

    /// <summary>Gets or sets pages that may still bring nothing new without being counted.</summary>
    public int Spare { get; set; }

    /// <summary>Gets the keys of rows that are not to be taken yet.</summary>
    public HashSet<string> Ahead { get; } = [];

    public bool MayGoOn(AuthentikCollectorSettings settings) => Pages < settings.PagesPerPoll;

    /// <summary>Begins behind the overlap with as many pages as a poll reads; false where that was done.</summary>
    public bool LeaveOverlap()
    {
        if (!IsInOverlap) return false;
        (IsInOverlap, Pages) = (false, 0);
        return true;
    }

    /// <summary>Does not count the page just read, which brought nothing new: behind the cursor, and not for ever.</summary>
    public void Forgive()
    {
        if (IsInOverlap || Spare == 0) return;
        (Pages, Spare) = (Pages - 1, Spare - 1);
    }

    public PollResult End(PollFault? fault) => new(Rows, Waiting, fault);
}
