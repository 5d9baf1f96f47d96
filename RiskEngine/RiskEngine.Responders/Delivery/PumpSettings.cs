namespace RiskEngine.Responders.Delivery;

/// <summary>How hard one responder tries.</summary>
public sealed record PumpSettings
{
    /// <summary>Gets how many items are delivered at once, each of another order key.</summary>
    /// <value>1 to 64. The default is 4.</value>
    public int Concurrency { get; init; } = 4;

    /// <summary>Gets the age above which an item is given up, counted from when it was stored.</summary>
    /// <value>1 minute to 7 days. The default is 24 hours.</value>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Gets the most that is waited before the second try of an item; doubled for each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the most that is waited between two tries of an item.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets the most that is waited between two probes of a target that is out of order.</summary>
    public TimeSpan LongestProbeDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets how many deliveries in a row have to find the target out of order before it counts as that.</summary>
    public int FailuresToOpen { get; init; } = 3;

    /// <summary>Gets how long one delivery may take, whatever the responder itself thinks of it.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how long deliveries under way may go on when the program stops.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how many items are read at once.</summary>
    public int PageSize { get; init; } = 256;
}
