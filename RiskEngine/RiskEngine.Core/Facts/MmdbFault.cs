namespace RiskEngine.Core.Facts;

/// <summary>Why a database cannot be read, wholly or at one record. A closed set.</summary>
public enum MmdbFault : byte
{
    None,
    NoMetadata,
    BadMetadata,
    UnsupportedVersion,
    UnsupportedRecordSize,
    UnsupportedIpVersion,
    TreeBeyondFile,
    NoSeparator,
    TreeTooDeep,
    RecordBeyondData,
    FieldBeyondData,
    BadPointer,
    BadType,
    BadSize,
    TooDeep,
    TooLarge,
    Empty,
}

/// <summary>The faults in words.</summary>
public static class MmdbFaults
{
    private static readonly string[] Texts =
    [
        "no fault", "no metadata marker in the last 128 KiB: not a MaxMind database, or cut off", "the metadata lack a required field or hold a wrong type",
        "the format's major version is not 2", "the record size is not 24, 28 or 32 bits", "the address version is neither 4 nor 6",
        "the search tree is larger than the file: cut off, or its node count is wrong", "the 16 zero bytes between tree and data are missing",
        "the search tree is deeper than an address has bits", "a record points behind the data", "a field reaches beyond the data",
        "a pointer leads to a pointer or out of the data", "a field has a type that may not stand there", "a field has a length its type cannot have",
        "a record is nested too deeply", "a record has too many fields", "the database holds no record",
    ];

    public static string Text(this MmdbFault fault) => Texts[(int)fault];
}
