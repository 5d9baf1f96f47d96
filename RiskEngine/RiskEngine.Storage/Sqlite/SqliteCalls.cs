using System.Runtime.InteropServices;

namespace RiskEngine.Storage.Sqlite;

/// <summary>The calls to SQLite that are made many times for each event, on the pointer of a statement.</summary>
/// <remarks>
/// The binding counts each use of a statement's handle up and down, which costs more than what is called. Who calls these sees to it that the statement lives;
/// SQLite answers a null pointer with SQLITE_MISUSE. What only notes a number leaves the runtime's garbage collector waiting, for some nanoseconds.
/// </remarks>
internal static class SqliteCalls
{
    /// <summary>Has SQLite copy the bytes that are bound (SQLITE_TRANSIENT).</summary>
    public const nint Copied = -1;

    private const string Library = "e_sqlite3";

    [DllImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static extern int BindInteger(nint statement, int parameter, long value);

    [DllImport(Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static extern int BindNull(nint statement, int parameter);

    [DllImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static extern int BindBlob(nint statement, int parameter, in byte first, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_step")]
    public static extern int Step(nint statement);

    [DllImport(Library, EntryPoint = "sqlite3_reset")]
    public static extern int Reset(nint statement);
}
