namespace RiskEngine.Host.Authentik;

/// <summary>One thing that <c>authentik check</c> looked at.</summary>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="What">Of a closed set: version, token, rights, addresses, webhook, flow, blueprint, exceptions.</param>
/// <param name="Detail">What was seen, and where something is to be mended, how.</param>
internal sealed record AuthentikFinding(bool Ok, string What, string Detail)
{
    public static AuthentikFinding Fine(string what, string detail) => new(true, what, detail);

    public static AuthentikFinding Look(string what, string detail) => new(false, what, detail);

    /// <summary>What could not be looked at counts as a finding: silence would be taken for a yes.</summary>
    public static AuthentikFinding Unseen(string what, string lacking) =>
        new(false, what, $"cannot be seen with this token: it lacks {lacking}. Look with an administrator's token (--token-file), or set see_configuration in the blueprint.");
}
