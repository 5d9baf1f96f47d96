using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Events;

/// <summary>Where one field comes from: a place in the record, looked up in a table or not, or a constant.</summary>
public sealed record MappedText : ICheckedInPart
{
    /// <summary>Gets the path of a member or the name of a column; the texts of several are joined by spaces, absent ones left out.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Gets a constant in the place of <see cref="From"/>.</summary>
    public string? Value { get; init; }

    /// <summary>Gets what a text becomes, to the letter; "" is "not given", on either side.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets what texts become that <see cref="Values"/> does not have; null leaves them as they are.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Gets what stands between the entries of a list that is one text; null where a text is one entry.</summary>
    public string? Split { get; init; }

    public bool IsGiven => From.Count > 0 || Value is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From.Count > 0 && Value is not null) yield return new ValidationResult("is a constant, and from says a place; remove one", [nameof(Value), nameof(From)]);
        if (From.Count == 0 && Values.Count > 0) yield return new ValidationResult("needs from: the place of what is looked up", [nameof(Values), nameof(From)]);
        if (Values.Count == 0 && Otherwise is not null) yield return new ValidationResult("needs values: it is for what they do not have", [nameof(Otherwise), nameof(Values)]);
        if (Split is "") yield return new ValidationResult("expected at least one character", [nameof(Split)]);
    }
}

/// <summary>Where the time comes from.</summary>
public sealed record MappedTime : ICheckedInPart
{
    /// <summary>Gets the path of a member or the name of a column; the texts of several (a date and a clock) are joined by spaces.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Gets how the time is written: <c>iso</c> (ISO 8601), <c>unix</c> (seconds since 1970, with decimals or not), <c>unix_ms</c>, or a <see cref="TimePattern"/>.</summary>
    /// <value>The default is iso.</value>
    public string Format { get; init; } = "iso";

    /// <summary>Gets how far the clock of whoever wrote a time by a pattern without <c>%z</c> is ahead of UTC.</summary>
    /// <value>−14:00 to +14:00. The default is UTC.</value>
    public UtcOffset? Zone { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From.Count == 0) yield return new ValidationResult("is missing: the place of the time", [nameof(From)]);
        var isPattern = Format.Contains('%', StringComparison.Ordinal);
        TimePattern? pattern = null;
        if (!isPattern && Format is not ("iso" or "unix" or "unix_ms"))
            yield return new ValidationResult($"expected iso, unix, unix_ms or a pattern such as \"%Y-%m-%d %H:%M:%S\", found \"{Format}\"", [nameof(Format)]);
        if (isPattern && !TimePattern.TryCompile(Format, out pattern, out var error)) yield return new ValidationResult(error, [nameof(Format)]);
        if (Zone is not null && (!isPattern || pattern is { HasOffset: true }))
            yield return new ValidationResult("is for patterns without %z; other times carry their offset, or are UTC", [nameof(Zone), nameof(Format)]);
    }
}

/// <summary>What becomes of a record whose kind <see cref="MappedKind.Values"/> does not have.</summary>
public enum UnmappedKind : byte
{
    /// <summary>Its text is taken for the name of a kind; one that nobody knows is kept, counted as <c>other</c> and not judged.</summary>
    Keep,

    /// <summary>The record is none of our business.</summary>
    Ignore,

    /// <summary>The record is faulty.</summary>
    Reject,
}

/// <summary>Where the kind comes from.</summary>
public sealed record MappedKind : ICheckedInPart
{
    /// <summary>Gets the path of a member or the name of a column; the texts of several are joined by spaces, absent ones left out.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Gets the kind of all records, in the place of <see cref="From"/>.</summary>
    public EventKind? Value { get; init; }

    /// <summary>Gets the kinds by what stands in the record.</summary>
    public IReadOnlyDictionary<string, EventKind> Values { get; init; } = new Dictionary<string, EventKind>();

    /// <summary>Gets what becomes of records that <see cref="Values"/> does not have, and of those without a text.</summary>
    /// <value>The default is keep.</value>
    public UnmappedKind Otherwise { get; init; } = UnmappedKind.Keep;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From.Count == 0 && Value is null) yield return new ValidationResult("is missing: the place of the kind, or a constant in value", [nameof(From)]);
        if (From.Count > 0 && Value is not null) yield return new ValidationResult("is a constant, and from says a place; remove one", [nameof(Value), nameof(From)]);
        if (From.Count == 0 && Values.Count > 0) yield return new ValidationResult("needs from: the place of what is looked up", [nameof(Values), nameof(From)]);
    }
}
