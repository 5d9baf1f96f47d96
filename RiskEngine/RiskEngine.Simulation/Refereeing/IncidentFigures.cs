using System.Globalization;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>How the campaigns of one attack were put together.</summary>
public sealed record CampaignFigures
{
    public required string Attack { get; init; }

    public required int Campaigns { get; init; }

    /// <summary>Gets the number of campaigns of which at least one event is in an incident.</summary>
    public required int CampaignsFound { get; init; }

    /// <summary>Gets the number of incidents that these are in, added up over the campaigns.</summary>
    public required int Incidents { get; init; }

    /// <summary>Gets the number of the campaigns' events that are in incidents.</summary>
    public required long Events { get; init; }

    /// <summary>Gets how many of these are in the incident that has most of their campaign.</summary>
    public required long EventsInLargest { get; init; }

    /// <summary>Gets the number of events, whosever they are, in the incident that has most of each campaign, added up over the campaigns.</summary>
    public required long LargestEvents { get; init; }

    /// <summary>Gets the share of the campaigns' events in incidents that one incident has, 0 to 1; null where none was found. 1 is best.</summary>
    public double? Together => Events == 0 ? null : (double)EventsInLargest / Events;

    /// <summary>Gets the share of the events of those incidents that are not the campaign's, 0 to 1; null where none was found. 0 is best.</summary>
    public double? Strangers => LargestEvents == 0 ? null : 1 - ((double)EventsInLargest / LargestEvents);

    /// <summary>Gets how many incidents a campaign became on average; null where none was found. 1 is best.</summary>
    public double? IncidentsPerCampaign => CampaignsFound == 0 ? null : (double)Incidents / CampaignsFound;
}

/// <summary>How well incidents and campaigns fit.</summary>
public sealed record IncidentFigures
{
    public required IReadOnlyList<CampaignFigures> Attacks { get; init; }

    public required int Incidents { get; init; }

    /// <summary>Gets the number of incidents without any attacker in them.</summary>
    public required int HonestIncidents { get; init; }

    /// <summary>Gets the number of honest sign-ins that worked.</summary>
    public required long HonestLogins { get; init; }

    /// <summary>Gets the number of events in incidents that have an attacker in them.</summary>
    public required long Events { get; init; }

    /// <summary>Gets how many of those are the attackers'.</summary>
    public required long AttackerEvents { get; init; }

    /// <summary>Gets the number of events that an incident took for somebody else inside an account.</summary>
    public required long Hits { get; init; }

    /// <summary>Gets how many of those were attackers'.</summary>
    public required long TrueHits { get; init; }

    /// <summary>Gets the number of campaigns in each incident, added up.</summary>
    public required int CampaignsInIncidents { get; init; }

    /// <summary>Gets the share of the events of attacked incidents that are attackers', 0 to 1; null without any.</summary>
    public double? Purity => Events == 0 ? null : (double)AttackerEvents / Events;

    /// <summary>Gets the share of hits that were hits, 0 to 1; null without any.</summary>
    public double? HitPrecision => Hits == 0 ? null : (double)TrueHits / Hits;

    /// <summary>Gets incidents without an attacker for 10,000 honest sign-ins; null without any.</summary>
    public double? HonestIncidentsPer10000 => HonestLogins == 0 ? null : HonestIncidents * 10_000.0 / HonestLogins;

    /// <summary>The figures as lines of text.</summary>
    public IEnumerable<string> ToTable()
    {
        yield return $"{"attack",-24}{"campaigns",10}{"in incidents",14}{"incidents each",16}{"in the largest",16}{"of it others'",15}";
        foreach (var attack in Attacks)
            yield return $"{attack.Attack,-24}{attack.Campaigns,10}{attack.CampaignsFound,14}{Number(attack.IncidentsPerCampaign, "0.0"),16}{Share(attack.Together),16}{Share(attack.Strangers),15}";
        yield return "";
        yield return $"incidents               {Incidents}, {HonestIncidents} of them without an attacker ({Number(HonestIncidentsPer10000, "0.0")} for 10000 honest logins)";
        yield return $"purity                  {Number(Purity * 100, "0.0")} % of the events of the others are attackers'; {Number(HitPrecision * 100, "0.0")} % of {Hits} hits were hits";
        yield return $"campaigns an incident   {Number(Incidents == HonestIncidents ? null : (double)CampaignsInIncidents / (Incidents - HonestIncidents), "0.00")}";
    }

    private static string Share(double? value) => value is { } share ? (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Number(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "-";
}
