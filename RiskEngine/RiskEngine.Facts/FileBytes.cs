using System.IO.Compression;

namespace RiskEngine.Facts;

/// <summary>Reads whole files, unpacking gzip.</summary>
/// <remarks>
/// Databases are read into one pinned array rather than memory-mapped. A mapping would save the copy, but a program that rewrites the file in place
/// would change facts under a running snapshot, and one that truncates it would end the process with a bus error that no code can catch; an array is
/// also reached through safe spans, where a mapping needs unsafe code. The price is memory of the size of the file (130 MB for both city databases),
/// outside the moving heap, and a tenth of a second of reading.
/// </remarks>
internal static class FileBytes
{
    /// <summary>The largest file that is read: what one array holds.</summary>
    private const long MaximumLength = 2_000_000_000;

    /// <summary>The most that gzip may unpack to: a small file must not fill the memory.</summary>
    private const int MaximumUnpacked = 512 * 1024 * 1024;

    /// <summary>What is said of a file that changes while it is read; it is looked at again even if it then rests.</summary>
    private static readonly Refusal BeingWritten = new(RefusalKind.BeingWritten, "it is being written");

    /// <param name="stamp">The file as it was seen before; it must be the same after reading.</param>
    /// <returns>Why the file could not be read; null when it was.</returns>
    public static Refusal? TryRead(string path, FileStamp stamp, out byte[] bytes)
    {
        bytes = [];
        if (stamp.Length > MaximumLength) return new Refusal(RefusalKind.Unusable, "it is larger than 2 GB");
        try
        {
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                bytes = GC.AllocateUninitializedArray<byte>((int)stamp.Length, pinned: true);
                if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) return BeingWritten;
            }

            if (FileStamp.Of(path) != stamp) return BeingWritten;
            return bytes is [0x1F, 0x8B, ..] && TryUnpack(ref bytes) is { } fault ? new Refusal(RefusalKind.Unusable, fault) : null;
        }
        catch (InvalidDataException exception)
        {
            return new Refusal(RefusalKind.Unusable, $"it cannot be unpacked ({exception.Message})");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new Refusal(RefusalKind.Unreadable, $"it cannot be read ({exception.Message})");
        }
    }

    private static string? TryUnpack(ref byte[] bytes)
    {
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var buffer = new byte[81_920];
        for (var read = gzip.Read(buffer); read > 0; read = gzip.Read(buffer))
        {
            if (unpacked.Length + read > MaximumUnpacked) return "it unpacks to more than 512 MB";
            unpacked.Write(buffer, 0, read);
        }

        bytes = unpacked.ToArray();
        return null;
    }
}
