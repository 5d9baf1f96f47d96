using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.File;

/// <summary>What <see cref="FileCollector"/> reads and how.</summary>
public sealed record FileCollectorSettings
{
    /// <summary>Gets the file, or "-" for standard input.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the name of a format, or "auto" to tell it by the first lines.</summary>
    public string Format { get; init; } = "auto";

    /// <summary>Gets whether to wait for more at the end, through rotation and truncation. For plain files only.</summary>
    public bool Follow { get; init; }

    /// <summary>Gets whether a pipe (standard input, a FIFO) gives what is there at once, and not only when a batch is full.</summary>
    public bool GivesAtOnce { get; init; }

    /// <summary>Gets what is put around the format once it is known, to see each record before it is parsed; null for nothing.</summary>
    public Func<IEventFormat, IEventFormat>? Decorate { get; init; }

    /// <summary>Gets the number of the source, for the positions of its events.</summary>
    public int Source { get; init; }

    /// <summary>Gets how long <see cref="FileCollector.WaitForMoreAsync"/> waits.</summary>
    /// <value>The default is a quarter of a second.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
