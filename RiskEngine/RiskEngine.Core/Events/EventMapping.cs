using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Events;

/// <summary>How records are cut.</summary>
public enum MappedContainer : byte
{
    /// <summary>JSON objects, one a line or in documents.</summary>
    Json,

    /// <summary>Comma-separated values (RFC 4180): one record a line, save where a quoted field holds line ends.</summary>
    Csv,
}

/// <summary>How records of any JSON or CSV become login events: the content of a mapping file. Immutable.</summary>
public sealed record EventMapping : ICheckedInPart
{
    /// <summary>Gets how records are cut.</summary>
    public required MappedContainer Container { get; init; }

    /// <summary>Gets what stands between the columns of CSV, one ASCII character.</summary>
    /// <value>The default is a comma.</value>
    public string Separator { get; init; } = ",";

    /// <summary>Gets whether a quote opens a field of CSV, which then may hold separators and line ends. Without, each line is a record and a quote a character as others are.</summary>
    /// <value>The default is true.</value>
    public bool Quotes { get; init; } = true;

    /// <summary>Gets the names of the columns in their order, for CSV without a header; empty where the first line names them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Gets fields, by their names in the canonical event, without which a record is refused, beside those that every event needs.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    public required MappedFields Fields { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Separator.Length != 1 || !char.IsAscii(Separator[0]) || Separator[0] is '"' or '\r' or '\n' or '\0')
            yield return new ValidationResult("expected one ASCII character that is no quote", [nameof(Separator)]);
        if (Container == MappedContainer.Json && Columns.Count > 0) yield return new ValidationResult("is for CSV; members of JSON have names", [nameof(Columns), nameof(Container)]);
        if (Container == MappedContainer.Json && !Quotes) yield return new ValidationResult("is for CSV; JSON has quotes of its own", [nameof(Quotes), nameof(Container)]);
        if (Columns.Distinct().Count() < Columns.Count) yield return new ValidationResult("names a column twice", [nameof(Columns)]);
        if (Fields?.Subject is null) yield break;
        for (var i = 0; i < Required.Count; i++)
        {
            if (Fields.Texts.All(field => field.Name != Required[i]))
                yield return new ValidationResult($"there is no field \"{Required[i]}\" in the canonical event that could be required", [$"{nameof(Required)}[{i}]"]);
            else if (!Fields.Texts.Single(field => field.Name == Required[i]).Field.IsGiven)
                yield return new ValidationResult($"{Required[i]} is required and fields does not say where it stands", [$"{nameof(Required)}[{i}]", nameof(Fields)]);
        }

        if (!Fields.Subject.Id.IsGiven && !Fields.Subject.Name.IsGiven)
            yield return new ValidationResult("needs an id, a name or both", [$"{nameof(Fields)}.{nameof(Fields.Subject)}"]);
        foreach (var result in Places()) yield return result;
        foreach (var (name, field) in Fields.Texts)
        {
            foreach (var text in (string?[])[field.Value, field.Otherwise, .. field.Values.Values])
            {
                if (text is not (null or "") && MappedFields.Refusal(name, text) is { } refusal) yield return new ValidationResult($"{refusal}, found \"{text}\"", [$"Fields.{name}"]);
            }

            if (field.Split is not null && name is not ("subject.groups" or "mfa"))
                yield return new ValidationResult("only subject.groups and mfa are lists", [$"Fields.{name}.Split"]);
        }
    }

    /// <summary>Names of members must be paths, and names of columns be among those that are listed.</summary>
    private IEnumerable<ValidationResult> Places()
    {
        IEnumerable<(string Name, IReadOnlyList<string> From)> all =
            [("occurred_at", Fields.OccurredAt?.From ?? []), ("kind", Fields.Kind?.From ?? []), .. Fields.Texts.Select(field => (field.Name, field.Field.From))];
        foreach (var (name, from) in all)
        {
            for (var i = 0; i < from.Count; i++)
            {
                var place = from.Count == 1 ? $"Fields.{name}" : $"Fields.{name}.From[{i}]";
                if (Container == MappedContainer.Json && !MappedPath.TryParse(from[i], out _, out var error)) yield return new ValidationResult(error, [place, nameof(Container)]);
                if (Container == MappedContainer.Csv && Columns.Count > 0 && !Columns.Contains(from[i])) yield return new ValidationResult($"columns has no \"{from[i]}\"", [place, nameof(Container), nameof(Columns)]);
            }
        }
    }
}
