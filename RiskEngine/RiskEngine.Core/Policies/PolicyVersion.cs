using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>The version of a policy: the first twelve hexadecimal digits of the SHA-256 of its canonical content.</summary>
/// <remarks>Comments, order of keys, spelling and whether a condition is in short form do not change it; anything that can change a decision does.</remarks>
internal static class PolicyVersion
{
    public static string Of(PolicyDefinition policy, PolicyConditions conditions) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(policy, conditions))))[..12];

    private static string Canonical(PolicyDefinition policy, PolicyConditions conditions)
    {
        var text = new StringBuilder();
        text.Append($"{policy.Mode} {policy.SharedAddressSubjects} {policy.Blocks.Duration.Ticks} {policy.Blocks.Factor:R} {policy.Blocks.Cap.Ticks} {policy.Blocks.Jitter:R}\n");
        foreach (var trusted in policy.TrustedNetworks) text.Append($"trust {List(trusted.Networks)} {List(trusted.Groups)}\n");
        foreach (var (name, list) in policy.Lists.OrderBy(list => list.Key, StringComparer.Ordinal)) text.Append($"list {Quote(name)} {list.Until?.UnixMilliseconds} {List(list.Values)}\n");
        for (var i = 0; i < policy.Rules.Count; i++)
        {
            var rule = policy.Rules[i];
            text.Append($"rule {Quote(rule.Name)} {rule.Priority} {rule.Then} {rule.For?.Ticks} {rule.Scope} {rule.Mode} {rule.Notify}\n");
            // Variables and the end of the rule stand in the condition.
            text.Append($"when {Quote(conditions.Rules[i]!.ToString()!)}\n");
        }

        return text.ToString();
    }

    private static string List<T>(IEnumerable<T> items) => "[" + string.Join(",", items.Select(item => Quote(item?.ToString() ?? ""))) + "]";

    /// <summary>Quoted with its length, so that no two contents share a spelling.</summary>
    private static string Quote(string text) => $"{text.Length}:{text}";
}
