using System.Text;

namespace RiskEngine.Host.Composition;

/// <summary>What the header <c>Authorization</c> says to another server, read from files whenever it is needed.</summary>
internal static class Credential
{
    /// <param name="tokenFile">With a token (RFC 6750); null for none, and then name and password count.</param>
    /// <param name="passwordFile">With the password of <paramref name="username"/> (RFC 7617); null for none.</param>
    /// <returns>The value of the header; empty where none is configured, null where its file cannot be read.</returns>
    public static string? Of(string? tokenFile, string? username, string? passwordFile)
    {
        if (tokenFile is not null) return TokenFile.Read(tokenFile) is { } token ? $"Bearer {token}" : null;
        if (passwordFile is null) return "";
        return TokenFile.Read(passwordFile) is { } password ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))}" : null;
    }
}
