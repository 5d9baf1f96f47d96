using System.Globalization;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>How soon campaigns of one attack were seen as an attack on the fleet; medians are over those that were.</summary>
public sealed record PeriodFigures
{
    public required string Attack { get; init; }

    public required int Campaigns { get; init; }

    public required int Found { get; init; }

    /// <summary>Gets the median of minutes from the first event to the finding; 0 where another attack was open. Null where none was found.</summary>
    public required double? Minutes { get; init; }

    /// <summary>Gets the median of the campaign's events until then.</summary>
    public required double? Attempts { get; init; }

    /// <summary>Gets the median of all events of a campaign.</summary>
    public required double? Size { get; init; }
}

/// <summary>How well periods of attack and campaigns fit.</summary>
public sealed record AttackPeriodFigures
{
    public required IReadOnlyList<PeriodFigures> Attacks { get; init; }

    /// <summary>Gets the number of periods that were called an attack.</summary>
    public required int Periods { get; init; }

    /// <summary>Gets how many of those no attacker had part in.</summary>
    public required int FalsePeriods { get; init; }

    /// <summary>Gets how long those were, in hours.</summary>
    public required double FalseHours { get; init; }

    /// <summary>Gets the number of periods that were called a surge.</summary>
    public required int Surges { get; init; }

    /// <summary>Gets the time from the first to the last event, in days.</summary>
    public required double Days { get; init; }

    /// <summary>The figures as lines of text.</summary>
    public IEnumerable<string> ToTable()
    {
        if (Attacks.Count > 0)
        {
            yield return $"{"attack on the fleet",-24}{"campaigns",10}{"found",8}{"minutes",9}{"attempts",10}{"of",8}";
            foreach (var attack in Attacks)
                yield return $"{attack.Attack,-24}{attack.Campaigns,10}{attack.Found,8}{Number(attack.Minutes),9}{Number(attack.Attempts),10}{Number(attack.Size),8}";
            yield return "";
        }

        yield return $"periods                 {Periods}, {FalsePeriods} of them without an attacker ({Number(FalseHours)} hours); {Surges} surges";
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.#", CultureInfo.InvariantCulture) : "-";
}
