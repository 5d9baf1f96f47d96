using System.IO.Compression;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.File;

/// <summary>Opens files for reading and says in words why one cannot be.</summary>
internal static class FileOpening
{
    public const string StandardInput = "-";

    /// <summary>Without this switch a gzip stream that was cut off looks like one that is complete. It holds if nothing was compressed before.</summary>
    static FileOpening() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", isEnabled: true);

    /// <summary>Opens a file, shared with whoever writes or renames it; null and the fault where that fails.</summary>
    public static Stream? TryOpen(string path, out SourceFault? fault)
    {
        fault = null;
        if (path == StandardInput) return Console.OpenStandardInput();
        var detail = Directory.Exists(path) ? "is a folder; give a file" : null;
        try
        {
            if (detail is null) return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            detail = "does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            detail = "may not be read by this account";
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            detail = $"cannot be opened ({exception.GetType().Name})";
        }

        fault = new SourceFault(path, DefectReason.Unreadable, detail);
        return null;
    }

    /// <summary>Puts a decompressor over a stream that begins as gzip does.</summary>
    public static RecordWindow Decompress(RecordWindow window, Stream stream)
    {
        // What was read ahead has to be given to the decompressor.
        var unpacked = new GZipStream(new PrefixedStream(window.Data.ToArray(), stream), CompressionMode.Decompress);
        window.Dispose();
        return new RecordWindow(unpacked);
    }

    public static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, ..];

    /// <summary>The file's name as it is part of derived ids: a log has the same events before and after it was compressed.</summary>
    public static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
    }
}
