using System.Globalization;

namespace RiskEngine.Host.Authentik;

/// <summary>Whether a version of authentik is one that the blueprint was made for.</summary>
internal static class AuthentikVersion
{
    private const string What = "version";

    private static readonly Version Oldest = new(2025, 12);
    private static readonly Version Known = new(2026, 8);

    public static AuthentikFinding Judge(string text)
    {
        var number = text.Split('-', '+')[0];
        if (!Version.TryParse(number, out var version) || version.Major < 2000)
            return AuthentikFinding.Look(What, $"'{(text.Length > 40 ? text[..40] : text)}' is no version of authentik that is known here; 2025.12 and later are.");
        var release = new Version(version.Major, version.Minor);
        var told = version.ToString();
        if (release < Oldest) return AuthentikFinding.Look(What, $"{told} is older than the blueprint was made for: upgrade to {Told(Oldest)} or later.");
        if (release == Known && version.Build <= 0)
            return AuthentikFinding.Look(What, $"{told} takes the last entry of X-Forwarded-For for the client's address: behind two proxies everybody has that of the inner one. Upgrade to a later {Told(Known)}.");
        return AuthentikFinding.Fine(What, release > Known ? $"{told}, newer than {Told(Known)}, to which the blueprint was held" : told);
    }

    private static string Told(Version version) => string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}");
}
