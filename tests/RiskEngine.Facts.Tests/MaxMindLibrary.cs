using System.Runtime.InteropServices;

namespace RiskEngine.Facts.Tests;

/// <summary>MaxMind's own reader in C, the one behind <c>mmdblookup</c>: what ours is compared with.</summary>
internal sealed class MaxMindLibrary : IDisposable
{
    private const string Name = "libmaxminddb.so.0";
    private const int StringType = 2, DoubleType = 3, FloatType = 15;

    private readonly nint _database = Marshal.AllocHGlobal(4096);
    private readonly nint _value = Marshal.AllocHGlobal(256);
    private readonly nint _path = Marshal.AllocHGlobal(4 * IntPtr.Size);
    private readonly Dictionary<string, nint> _names = new(StringComparer.Ordinal);

    public MaxMindLibrary(string path)
    {
        var status = MMDB_open(path, 0, _database);
        if (status != 0) throw new InvalidOperationException($"libmaxminddb refuses {path} with status {status}.");
    }

    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Name, out _);

    /// <summary>Looks an address up.</summary>
    public MaxMindAnswer Find(string address)
    {
        var result = MMDB_lookup_string(_database, address, out var parseStatus, out var status);
        if (parseStatus != 0) throw new InvalidOperationException($"'{address}' is no address to libmaxminddb.");
        return new MaxMindAnswer(status, (result.Found & 0xFF) != 0 ? (int)result.Entry.Offset : -1, result.Netmask, result.Entry);
    }

    /// <summary>One value of a record as text, or null.</summary>
    public object? Value(MaxMindAnswer answer, params string[] path)
    {
        var at = 0;
        foreach (var name in path)
        {
            if (!_names.TryGetValue(name, out var text)) _names.Add(name, text = Marshal.StringToHGlobalAnsi(name));
            Marshal.WriteIntPtr(_path, at++ * IntPtr.Size, text);
        }

        Marshal.WriteIntPtr(_path, at * IntPtr.Size, 0);
        var entry = answer.Entry;
        if (MMDB_aget_value(ref entry, _value, _path) != 0 || Marshal.ReadByte(_value) == 0) return null;
        return Marshal.ReadInt32(_value, 44) switch
        {
            StringType => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(_value, 16), Marshal.ReadInt32(_value, 40)),
            DoubleType => (float)BitConverter.Int64BitsToDouble(Marshal.ReadInt64(_value, 16)),
            FloatType => BitConverter.Int32BitsToSingle(Marshal.ReadInt32(_value, 16)),
            _ => null,
        };
    }

    public void Dispose()
    {
        MMDB_close(_database);
        foreach (var memory in _names.Values.Append(_database).Append(_value).Append(_path)) Marshal.FreeHGlobal(memory);
    }

#pragma warning disable SYSLIB1054, CA2101, CA5392, CA1060 // Generated marshalling needs unsafe code; names are ASCII; the library is the system's.
    [DllImport(Name)]
    private static extern int MMDB_open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint flags, nint database);

    [DllImport(Name)]
    private static extern void MMDB_close(nint database);

    [DllImport(Name)]
    private static extern LookupResult MMDB_lookup_string(nint database, [MarshalAs(UnmanagedType.LPUTF8Str)] string address, out int parseStatus, out int status);

    [DllImport(Name)]
    private static extern int MMDB_aget_value(ref Entry entry, nint value, nint path);
#pragma warning restore SYSLIB1054, CA2101, CA5392, CA1060

    [StructLayout(LayoutKind.Sequential)]
    internal struct Entry
    {
        public nint Database;
        public uint Offset;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LookupResult
    {
        public int Found;
        public Entry Entry;
        public ushort Netmask;
    }
}

/// <summary>What the library says of an address.</summary>
/// <param name="Status">0 when all went well.</param>
/// <param name="Record">Offset of the record in the data, −1 when there is none.</param>
/// <param name="Netmask">Bits of the network; counted from ::/96 in a database of IPv6.</param>
internal readonly record struct MaxMindAnswer(int Status, int Record, int Netmask, MaxMindLibrary.Entry Entry);
