using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Host.Security;

/// <summary>The secret that a caller shows: "rk_" and 256 random bits in base64url. Only its SHA-256 is ever kept.</summary>
internal static class KeySecret
{
    /// <summary>Characters of a secret.</summary>
    public const int Length = 46;

    private const string Prefix = "rk_";

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether the text has the form of a secret: cheap to tell, before anything is hashed.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        foreach (var c in text[Prefix.Length..])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }

        return true;
    }

    /// <summary>Hashes a well-formed secret.</summary>
    /// <param name="sha256">Takes 32 bytes.</param>
    public static void Hash(ReadOnlySpan<char> secret, Span<byte> sha256)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(secret[..Length], bytes);
        SHA256.HashData(bytes, sha256);
    }

    public static byte[] Hash(string secret)
    {
        var sha256 = new byte[SHA256.HashSizeInBytes];
        Hash(secret, sha256);
        return sha256;
    }
}
