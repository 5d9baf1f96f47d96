namespace RiskEngine.Host.Logging;

/// <summary>Names whose values are secrets: <c>password</c>, <c>access_token</c>, <c>X-Api-Key</c>, <c>authentik_session</c>, <c>clientSecret</c>.</summary>
/// <remarks>A name is one by how it ends, so that <c>token_file</c> and <c>session_interval</c> are none. Case, dashes and underscores do not count. Pure.</remarks>
internal static class SecretNames
{
    private const int LongestName = 96;

    private static readonly string[] Endings =
    [
        "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "cookie", "cookies", "session", "sessionid", "sessionkey", "sid", "authorization", "apikey", "credential",
        "credentials", "jwt", "assertion", "privatekey", "samlresponse", "csrf", "xsrf", "otp",
    ];

    /// <summary>Gets what every such name holds.</summary>
    public static IReadOnlyList<string> Marks { get; } =
    [
        "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "cookie", "session", "sid=", "sid\"", "authorization", "apikey", "api-key", "api_key", "credential", "jwt",
        "assertion", "privatekey", "private-key", "private_key", "samlresponse", "csrf", "xsrf", "otp=", "otp\"",
    ];

    public static bool IsSecret(ReadOnlySpan<char> name)
    {
        if (name.Length > LongestName) name = name[^LongestName..];
        Span<char> plain = stackalloc char[LongestName];
        var length = 0;
        foreach (var c in name)
        {
            if (c is not ('-' or '_')) plain[length++] = char.ToLowerInvariant(c);
        }

        foreach (var ending in Endings)
        {
            if (plain[..length].EndsWith(ending, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Whether the value of such a name goes on to the end of the line, blanks and semicolons in it: those of headers.</summary>
    public static bool IsLine(ReadOnlySpan<char> name) =>
        name.EndsWith("cookie", StringComparison.OrdinalIgnoreCase) || name.EndsWith("authorization", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a character may stand in a name.</summary>
    public static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
