using RiskEngine.Outbound;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Which Loki is sent to, and how.</summary>
internal sealed record LokiTarget
{
    /// <summary>Gets the address of Loki, without <c>/loki/api/v1/push</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Gets the tenant; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets what the <c>Authorization</c> header says, read anew for each request: nothing where none is needed, null where it cannot be read. Never logged.</summary>
    public Func<string?> ReadAuthorization { get; init; } = () => "";

    /// <summary>Gets what may be asked, and how long it may take.</summary>
    public OutboundTarget Outbound { get; init; } = new();

    /// <summary>Gets the wait that is drawn from after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets the longest wait between two tries, unless Loki asks for more.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how long the end of the program waits for what is left.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets what waits are drawn by, so that instances do not ask all at once.</summary>
    public int Seed { get; init; }
}
