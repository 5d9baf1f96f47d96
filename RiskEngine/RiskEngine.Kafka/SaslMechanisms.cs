namespace RiskEngine.Kafka;

/// <summary>The ways of showing a name and a password that there are settings for.</summary>
internal static class SaslMechanisms
{
    /// <summary>What the driver says before the names, with commas between, and behind them a blank and when it was.</summary>
    private const string Before = "supported mechanisms: ";

    private static readonly (string Name, string Setting)[] Known = [("PLAIN", "plain"), ("SCRAM-SHA-256", "scram_sha256"), ("SCRAM-SHA-512", "scram_sha512")];

    /// <summary>What brokers offer that did not take the mechanism that was asked for, as values of the setting; null where <paramref name="told"/>, the driver's words, is of something else.</summary>
    /// <remarks>Says nothing that the brokers could have made up: what is not known here is left out.</remarks>
    public static string? OfferedInstead(string told)
    {
        var at = told.IndexOf(Before, StringComparison.Ordinal);
        if (at < 0) return null;
        var offered = told[(at + Before.Length)..].Split(',', ' ');
        return Known.Where(mechanism => offered.Contains(mechanism.Name)).Select(mechanism => mechanism.Setting).ToList() is { Count: > 0 } known ? string.Join(", ", known) : "none that is known here";
    }
}
