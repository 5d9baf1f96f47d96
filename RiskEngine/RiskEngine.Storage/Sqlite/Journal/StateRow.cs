using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>The table that a row of state belongs to. The numbers are part of the stored format, and the order in which rows are carried over.</summary>
internal enum StateRowKind : byte
{
    /// <summary>Of no table: erased before it was carried over. Never stored.</summary>
    None = 0,
    Profile = 1,
    Reputation = 2,
    Pair = 3,
    Name = 4,
    Skeleton = 5,

    /// <summary>What the judge carries; the shared store keeps it as a row, the file does not.</summary>
    Carried = 255,
}

/// <summary>A changed row as the journal holds it: kind, key (16 bytes, little-endian), length, and the row as it lies in memory.</summary>
/// <remarks>The length stands there although most kinds have one size: a row of another build is then skipped, and not misread.</remarks>
internal readonly ref struct StateRow(StateRowKind kind, UInt128 key, ReadOnlySpan<byte> body)
{
    public StateRowKind Kind { get; } = kind;

    public UInt128 Key { get; } = key;

    public ReadOnlySpan<byte> Body { get; } = body;

    public static void Write(ByteBuffer to, StateRowKind kind, UInt128 key, ReadOnlySpan<byte> body)
    {
        to.Byte((byte)kind);
        to.Number((ulong)(key >> 64));
        to.Number((ulong)key);
        to.Text(body);
    }

    /// <summary>The bytes that a row takes up, at most.</summary>
    public static int LengthOf(StateRow row) => 1 + (2 * sizeof(ulong)) + 5 + row.Body.Length;

    /// <exception cref="ArgumentOutOfRangeException">The bytes end too early.</exception>
    public static StateRow Read(scoped ref ByteReader from)
    {
        var kind = (StateRowKind)from.Byte();
        var high = from.Number();
        return new StateRow(kind, new UInt128(high, from.Number()), from.Text());
    }
}
