using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>Where events are collected from beside HTTP, under <c>sources</c>.</summary>
public sealed record SourceSettings
{
    public IReadOnlyList<FileSourceSettings> File { get; init; } = [];
}

/// <summary>One file that events are read from, under <c>sources.file</c>.</summary>
public sealed record FileSourceSettings
{
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Gets the format of its lines; auto finds out.</summary>
    /// <value>The default is auto.</value>
    public string Format { get; init; } = "auto";

    /// <summary>Gets whether to go on reading as the file grows. The default is true.</summary>
    public bool Follow { get; init; } = true;
}
