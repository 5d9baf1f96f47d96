namespace RiskEngine.Core.Events;

/// <summary>Why input was not understood. A closed set: it is a label of a metric.</summary>
public enum DefectReason : byte
{
    None,
    InvalidJson,
    InvalidUtf8,
    NulByte,
    TooDeep,
    LineTooLong,
    WrongType,
    MissingField,
    BadTime,
    TooOld,
    InFuture,
    BadAddress,
    BadNumber,
    BadValue,
    FieldTooLong,
    UnknownColumns,
    TornLine,
    Binary,
    Unrecognised,
    Unreadable,
    Unjudgeable,

    /// <summary>Posted as a hint, and nothing could confirm it.</summary>
    Unconfirmable,
    DuplicateKey,

    /// <summary>Of a version that this program does not know.</summary>
    UnknownSchema,
}

/// <summary>A faulty record: why, where in it, and what about it.</summary>
/// <param name="Reason">Counted by this.</param>
/// <param name="Position">Byte offset within the record, −1 where no place can be named.</param>
/// <param name="Detail">Words that say what was expected: the field's name, the type. Never the value found: it may be a password typed as a name.</param>
public readonly record struct Defect(DefectReason Reason, int Position, string Detail)
{
    public bool IsNone => Reason == DefectReason.None;

    public override string ToString() => Position < 0 ? $"{Reason.Name()}: {Detail}" : $"{Reason.Name()} at byte {Position}: {Detail}";
}

/// <summary>Names of the reasons on the wire.</summary>
public static class DefectReasons
{
    private static readonly string[] Names =
    [
        "none", "invalid_json", "invalid_utf8", "nul_byte", "too_deep", "line_too_long", "wrong_type", "missing_field", "bad_time", "too_old", "in_future",
        "bad_address", "bad_number", "bad_value", "field_too_long", "unknown_columns", "torn_line", "binary", "unrecognised", "unreadable",
        "unjudgeable", "unconfirmable", "duplicate_key", "unknown_schema",
    ];

    public static IReadOnlyList<DefectReason> All { get; } = [.. Enum.GetValues<DefectReason>().Where(reason => reason != DefectReason.None)];

    public static string Name(this DefectReason reason) => Names[(int)reason];
}
