namespace RiskEngine.Collectors.File;

internal enum FrameKind : byte
{
    /// <summary>The record does not end in the bytes that are there.</summary>
    NeedMore,

    /// <summary>Bytes between records, or the rest of one that was too long.</summary>
    Skip,
    Record,

    /// <summary>The beginning of a record that is too long; the rest follows as <see cref="Skip"/>.</summary>
    TooLong,
}

/// <summary>What a framer found at the front of the bytes given: a record begins at their beginning.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Length of the record.</param>
/// <param name="Consumed">Bytes to drop: the record and its line end.</param>
/// <param name="IsCutOff">The stream ended where the record should have gone on, or had no line end.</param>
internal readonly record struct Frame(FrameKind Kind, int Length, int Consumed, bool IsCutOff)
{
    public static Frame NeedMore => default;

    public static Frame Skip(int count) => new(FrameKind.Skip, 0, count, false);

    public static Frame TooLong(int count) => new(FrameKind.TooLong, 0, count, false);
}

/// <summary>Cuts a stream into records. Told the same bytes again with more behind them after <see cref="FrameKind.NeedMore"/>.</summary>
internal interface IRecordFramer
{
    Frame Next(ReadOnlySpan<byte> data, bool isComplete);
}
