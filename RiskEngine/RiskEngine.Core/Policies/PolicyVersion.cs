using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>The version of a policy: the first twelve hexadecimal digits of the SHA-256 of its canonical content.</summary>
/// <remarks>Comments, order of keys and spelling do not change it; anything that can change a decision does.</remarks>
internal static class PolicyVersion
{
    public static string Of(PolicyDefinition policy) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(policy))))[..12];

    private static string Canonical(PolicyDefinition policy)
    {
        var text = new StringBuilder();
        text.Append($"{policy.Mode} {policy.SharedAddressSubjects} {policy.Blocks.Duration.Ticks} {policy.Blocks.Factor:R} {policy.Blocks.Cap.Ticks} {policy.Blocks.Jitter:R}\n");
        foreach (var trusted in policy.TrustedNetworks) text.Append($"trust {List(trusted.Networks)} {List(trusted.Groups)}\n");
        foreach (var rule in policy.Rules)
        {
            text.Append($"rule {Quote(rule.Name)} {rule.Priority} {rule.Then} {rule.For?.Ticks} {rule.Scope} {rule.Mode} {rule.Notify}\n");
            Append(text, rule.When);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, RuleConditions when)
    {
        text.Append($"when {when.Level} {when.Score:R} {List(when.Signals)} {List(when.SignalsAll)} {when.Reputation:R} {List(when.Country)} {List(when.CountryNot)} ");
        text.Append($"{List(when.Asn)} {List(when.Group)} {List(when.Application)} {List(when.Feed)} {when.Network} {List(when.Kind)} {List(when.Subject)} ");
        text.Append($"{when.ServiceAccount} {when.Established}\n");
    }

    private static string List<T>(IEnumerable<T> items) => "[" + string.Join(",", items.Select(item => Quote(item?.ToString() ?? ""))) + "]";

    /// <summary>Quoted with its length, so that no two contents share a spelling.</summary>
    private static string Quote(string text) => $"{text.Length}:{text}";
}
