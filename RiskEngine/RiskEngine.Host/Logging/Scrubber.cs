using System.Buffers;

namespace RiskEngine.Host.Logging;

/// <summary>Takes secrets out of text before it is logged: passwords, tokens, cookies, ids of sessions, keys, credentials in addresses.</summary>
/// <remarks>
/// <para>
/// A secret is known by the name beside it (<see cref="SecretNames"/>) in whatever way they stand together: headers, queries, forms, JSON also within a string
/// of JSON, XML, and pairs of <c>name</c> and <c>value</c> as HTTP archives (HAR 1.2) have them; or by its own look: JSON Web Tokens (RFC 7519), bearer and basic
/// credentials (RFC 6750, RFC 7617), names and passwords in addresses (RFC 3986, 3.2.1), private keys (RFC 7468), keys of this program.
/// </para>
/// <para>Each character is looked at a bounded number of times. Text without any of it comes back as the same object. Pure; safe for concurrent use.</para>
/// </remarks>
internal static class Scrubber
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Removed = "[removed]";

    /// <summary>Where it is worth to look closer.</summary>
    private static readonly SearchValues<string> Marks = SearchValues.Create([.. SecretNames.Marks, .. SecretLooks.Marks], StringComparison.OrdinalIgnoreCase);

    public static string Clean(string text)
    {
        var next = text.AsSpan().IndexOfAny(Marks);
        if (next < 0) return text;
        var scrubbed = new ScrubbedText(text);
        while (next >= 0)
        {
            var from = SecretLooks.TryRemove(scrubbed, next) ?? NamedSecret.Pass(scrubbed, next);
            next = text.AsSpan(from).IndexOfAny(Marks);
            if (next >= 0) next += from;
            scrubbed.LookedUpTo = from;
        }

        return scrubbed.ToString();
    }
}
