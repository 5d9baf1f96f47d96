namespace RiskEngine.Simulation.Refereeing;

/// <summary>How one kind of attack fared. "Stopped" is challenged or blocked, in monitor mode as it would have been.</summary>
public sealed record AttackFigures
{
    public required string Attack { get; init; }

    /// <summary>Gets the number of campaigns with at least one judged event.</summary>
    public required int Campaigns { get; init; }

    /// <summary>Gets the number of campaigns of which people were told at least once, or at least one event was stopped.</summary>
    public required int CampaignsFound { get; init; }

    /// <summary>Gets the number of campaigns of which at least one event was stopped.</summary>
    public required int CampaignsStopped { get; init; }

    /// <summary>Gets the number of judged events of the attackers.</summary>
    public required long Events { get; init; }

    /// <summary>Gets how many of those were stopped.</summary>
    public required long EventsStopped { get; init; }

    /// <summary>Gets how many of those were judged to be of high risk, whatever was done about it.</summary>
    public required long EventsHigh { get; init; }

    /// <summary>Gets the number of successful logins of attackers: what must not happen.</summary>
    public required long Intrusions { get; init; }

    /// <summary>Gets how many of those were stopped. Over <see cref="Intrusions"/> it is the recall of takeovers.</summary>
    public required long IntrusionsStopped { get; init; }

    /// <summary>Gets the median, over the campaigns stopped, of the number of events up to and with the first one stopped; null when none was.</summary>
    public required double? EventsToStop { get; init; }

    /// <summary>Gets the share of campaigns found, 0 to 1; null without campaigns.</summary>
    public double? CampaignRecall => Share(CampaignsFound, Campaigns);

    /// <summary>Gets the share of campaigns of which something was stopped, 0 to 1; null without campaigns.</summary>
    public double? CampaignStopRate => Share(CampaignsStopped, Campaigns);

    /// <summary>Gets the share of events stopped, 0 to 1; null without events.</summary>
    public double? EventRecall => Share(EventsStopped, Events);

    /// <summary>Gets the share of intrusions stopped, 0 to 1; null without intrusions.</summary>
    public double? IntrusionRecall => Share(IntrusionsStopped, Intrusions);

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
