using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>Where events are collected from beside HTTP, under <c>sources</c>.</summary>
public sealed record SourceSettings
{
    public IReadOnlyList<FileSourceSettings> File { get; init; } = [];

    public IReadOnlyList<SyslogSourceSettings> Syslog { get; init; } = [];

    public AuthentikSourceSettings Authentik { get; init; } = new();
}

/// <summary>One file that events are read from, under <c>sources.file</c>.</summary>
public sealed record FileSourceSettings : ICheckedInPart, IUniquelyNamed
{
    private const int LongestName = 64;

    /// <summary>Gets the name in metrics and logs; null for the file's name without its folder. Unique among the sources.</summary>
    /// <value>1 to 64 letters, digits, dots, dashes and underscores. A name that is set is part of the ids of events without one.</value>
    public string? Name { get; init; }

    [FilePath]
    public required string Path { get; init; }

    /// <summary>Gets the format of its lines; auto finds out, and <c>mapped:FILE</c> reads them as a mapping file says.</summary>
    /// <value>The default is auto.</value>
    [FilePath(Prefix = "mapped:")]
    public string Format { get; init; } = "auto";

    /// <summary>Gets whether to go on reading as the file grows. The default is true.</summary>
    public bool Follow { get; init; } = true;

    /// <summary>Gets how far the clock that wrote classic lines of syslog is ahead of UTC; null for the time zone of this machine, with its summer time.</summary>
    /// <value>−14:00 to +14:00. For the format sshd, the only one with times that carry no offset and are not UTC.</value>
    public UtcOffset? UtcOffset { get; init; }

    /// <summary>Gets the name by which the source is told apart.</summary>
    public string Label => Name ?? System.IO.Path.GetFileName(Path);

    string IUniquelyNamed.Plural => "sources";

    string IUniquelyNamed.UniqueName => Label;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name is { } name && (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')))
        {
            yield return new ValidationResult($"expected 1 to {LongestName} letters, digits, dots, dashes and underscores", [nameof(Name)]);
        }

        if (UtcOffset is not null && Format is not ("auto" or "sshd"))
        {
            yield return new ValidationResult("is for the format sshd; times of other formats carry their offset, or are UTC", [nameof(UtcOffset), nameof(Format)]);
        }
    }
}
