namespace RiskEngine.Host.Composition;

/// <summary>A secret in a file of its own, read whenever it is needed, so that it can be changed while the process runs.</summary>
internal static class TokenFile
{
    private const int LongestToken = 4096;

    /// <summary>The first line of the file; null where it cannot be read or is no token.</summary>
    public static string? Read(string path) => Clean(ReadAll(path));

    /// <summary>The first line of the file as it stands there, blanks too; null where it cannot be read or is empty.</summary>
    public static string? ReadPassword(string path) => ReadAll(path)?.Split('\n')[0].TrimEnd('\r') is { Length: > 0 } password ? password : null;

    private static string? ReadAll(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytes = stackalloc byte[LongestToken + 1];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
            return bytes.Length > LongestToken ? null : System.Text.Encoding.UTF8.GetString(bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The token without blanks around it; null where it cannot stand in a header.</summary>
    public static string? Clean(string? token)
    {
        token = token?.Trim();
        return token is { Length: > 0 } && token.All(c => c is > ' ' and < (char)127) ? token : null;
    }
}
