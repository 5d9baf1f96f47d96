using System.Buffers;
using System.Buffers.Text;

namespace RiskEngine.Host.Logging;

/// <summary>Secrets that are known by their look, whatever stands beside them.</summary>
internal static class SecretLooks
{
    private const int LeastToken = 16, LongestBasic = 4096, ShortestCode = 8;

    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=");
    private static readonly SearchValues<char> AuthorityEnd = SearchValues.Create("/?#\"'<>()\\ ,;\t\r\n");
    private static readonly SearchValues<char> QueryEnd = SearchValues.Create("&#\"'<>)\\ ,;\t\r\n");

    /// <summary>Gets how they begin, or what stands before them.</summary>
    public static IReadOnlyList<string> Marks { get; } = ["eyJ", "rk_", "bearer ", "basic ", "://", "-----BEGIN", "?code=", "&code=", "?key=", "&key=", "?sig=", "&sig=", "-signature="];

    /// <summary>Takes out what begins at a mark.</summary>
    /// <returns>Where to go on; null where the mark is none of ours.</returns>
    public static int? TryRemove(ScrubbedText scrubbed, int at)
    {
        var rest = scrubbed.Text.AsSpan(at);
        if (rest.StartsWith("://", StringComparison.Ordinal)) return Address(scrubbed, at + 3);
        if (rest.StartsWith("eyJ", StringComparison.Ordinal)) return WebToken(scrubbed, at);
        if (rest.StartsWith("rk_", StringComparison.Ordinal)) return OwnKey(scrubbed, at);
        if (rest.StartsWith("bearer ", StringComparison.OrdinalIgnoreCase)) return Bearer(scrubbed, at + 7);
        if (rest.StartsWith("basic ", StringComparison.OrdinalIgnoreCase)) return Basic(scrubbed, at + 6);
        if (rest.StartsWith("-----BEGIN", StringComparison.Ordinal)) return PrivateKey(scrubbed, at);
        return rest[0] is '?' or '&' or '-' ? Query(scrubbed, at + rest.IndexOf('=') + 1) : null;
    }

    /// <summary>Name and password before the host.</summary>
    private static int Address(ScrubbedText scrubbed, int start)
    {
        var end = End(scrubbed.Text, start, AuthorityEnd);
        var at = scrubbed.Text.AsSpan(start, end - start).LastIndexOf('@');
        if (at > 0) scrubbed.Remove(start, start + at);
        return end;
    }

    /// <summary>Base64url parts with dots between, the first of which begins as a JSON object does.</summary>
    private static int WebToken(ScrubbedText scrubbed, int start)
    {
        var end = EndOfToken(scrubbed.Text, start);
        var isWhole = start == 0 || !IsBase64Url(scrubbed.Text[start - 1]);
        var token = scrubbed.Text.AsSpan(start, end - start);
        if (isWhole && token.Length >= LeastToken && token.Contains('.')) scrubbed.Remove(start, end);
        return end;
    }

    private static int OwnKey(ScrubbedText scrubbed, int start)
    {
        var end = EndOfToken(scrubbed.Text, start);
        if (end - start >= LeastToken && (start == 0 || !IsBase64Url(scrubbed.Text[start - 1]))) scrubbed.Remove(start, end);
        return end;
    }

    /// <summary>A word after "bearer" is a token where it is long and no word of a language.</summary>
    private static int Bearer(ScrubbedText scrubbed, int start)
    {
        var end = EndOfToken(scrubbed.Text, start);
        var token = scrubbed.Text.AsSpan(start, end - start);
        if (token.Length >= LeastToken && token.ContainsAnyInRange('0', '9')) scrubbed.Remove(start, end);
        return end;
    }

    /// <summary>A word after "basic" is a credential where it is base64 of something with a colon.</summary>
    private static int Basic(ScrubbedText scrubbed, int start)
    {
        var end = EndOfToken(scrubbed.Text, start);
        var word = scrubbed.Text.AsSpan(start, end - start);
        if (word.Length is < 4 or > LongestBasic || !Base64.IsValid(word)) return end;
        var bytes = new byte[word.Length];
        if (Convert.TryFromBase64Chars(word, bytes, out var count) && bytes.AsSpan(0, count).Contains((byte)':')) scrubbed.Remove(start, end);
        return end;
    }

    private static int PrivateKey(ScrubbedText scrubbed, int start)
    {
        var text = scrubbed.Text.AsSpan(start);
        var title = text[..Math.Min(text.Length, 64)];
        if (!title.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return start + "-----BEGIN".Length;
        var last = text.IndexOf("-----END", StringComparison.Ordinal);
        var end = last < 0 ? text.Length : last;
        scrubbed.Remove(start, start + end);
        return start + end + (last < 0 ? 0 : "-----END".Length);
    }

    private static int Query(ScrubbedText scrubbed, int start)
    {
        var end = End(scrubbed.Text, start, QueryEnd);
        if (end - start >= ShortestCode) scrubbed.Remove(start, end);
        return end;
    }

    private static int EndOfToken(string text, int start) => text.AsSpan(start).IndexOfAnyExcept(Token) is >= 0 and var length ? start + length : text.Length;

    private static int End(string text, int start, SearchValues<char> ends) => text.AsSpan(start).IndexOfAny(ends) is >= 0 and var length ? start + length : text.Length;

    private static bool IsBase64Url(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
