using System.Text;

namespace RiskEngine.Configuration.Yaml;

/// <summary>Reads the text of a configuration file, refusing what cannot be one: a directory, too much, no UTF-8.</summary>
internal static class YamlText
{
    /// <summary>Bytes a file may have.</summary>
    public const int MaximumBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file; null, with a fault, where there is none.</summary>
    /// <param name="remedy">What to do about a file that is too large.</param>
    public static string? Read(string path, FaultList faults, string remedy = "name another file")
    {
        var place = new Place(path, 0, 0);
        if (Directory.Exists(path)) return Refuse("this is a directory; name a file in it");
        if (!File.Exists(path)) return Refuse("there is no such file");
        byte[] bytes;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            bytes = new byte[MaximumBytes + 1];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"the file cannot be read: {e.Message}");
        }

        if (bytes.Length > MaximumBytes) return Refuse($"the file is larger than 1 MiB, and none that is read here is; {remedy}");
        return Decode(bytes, path, faults);

        string? Refuse(string message)
        {
            faults.Add(place, "", message);
            return null;
        }
    }

    private static string? Decode(byte[] bytes, string path, FaultList faults)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[3..];
        if (text.IndexOf((byte)0) is >= 0 and var nul)
        {
            faults.Add(new Place(path, text[..nul].Count((byte)'\n') + 1, 1), "", "the file holds a NUL byte, so it is no text");
            return null;
        }

        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            var before = text[..Math.Clamp(e.Index, 0, text.Length)];
            var column = before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1;
            faults.Add(new Place(path, before.Count((byte)'\n') + 1, column), "", "the file is not valid UTF-8 here; save it as UTF-8");
            return null;
        }
    }
}
