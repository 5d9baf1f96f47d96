namespace RiskEngine.Facts;

/// <summary>By what a change of a file is noticed.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="WrittenAt">Last written, UTC.</param>
internal readonly record struct FileStamp(long Length, DateTime WrittenAt)
{
    /// <summary>The stamp of a file now; null where there is none or it may not be seen.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
