using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>What became of one file.</summary>
public enum FactFileOutcome
{
    /// <summary>Read, found good, in use.</summary>
    Loaded,

    /// <summary>As it was at the last load, in use.</summary>
    Unchanged,

    /// <summary>Not usable; what was loaded from it before stays in use, if anything.</summary>
    Refused,

    /// <summary>Not there; what was loaded from it before stays in use, if anything.</summary>
    Missing,
}

/// <summary>What became of one file at a load, for logs, <c>doctor</c> and the console.</summary>
/// <param name="Path">As configured.</param>
/// <param name="Name">The feed's name; for databases the file's.</param>
public sealed record FactFileReport(string Path, string Name, FactKind Kind, FactFileOutcome Outcome)
{
    /// <summary>Gets whether content of this file, of now or before, is in the snapshot.</summary>
    public bool IsServing { get; init; }

    /// <summary>Gets the entries that serve.</summary>
    public int Entries { get; init; }

    /// <summary>Gets the lines of a text that were left out.</summary>
    public int Defects { get; init; }

    /// <summary>Gets which lines those are, in words; null when none was left out.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Gets when the content that serves was made; null when none serves.</summary>
    public DateTimeOffset? BuiltAt { get; init; }

    /// <summary>Gets why the file is not in use; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets what to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>Gets whether somebody should hear of it: a file not in use each time, lines left out of one when it is read.</summary>
    public bool IsToBeTold => Reason is not null || (Outcome == FactFileOutcome.Loaded && LeftOut is not null);

    public override string ToString()
    {
        var outcome = $"{Kind} file {Path}: {Outcome}, {(IsServing ? $"{Entries} entries serve" : "nothing serves")}";
        if (LeftOut is not null) outcome += $"; {LeftOut}";
        if (Reason is not null) outcome += $"; {Reason}";
        return Remedy is null ? outcome : $"{outcome}. {Remedy}";
    }
}
