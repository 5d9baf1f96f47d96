using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration;

/// <summary>The built-in policy as text, for people to print, copy and change.</summary>
public static class DefaultPolicyText
{
    public const string FileName = "default-policy.yaml";

    /// <summary>Gets the text; it says the same as <see cref="Core.Policies.DefaultPolicy.Definition"/>.</summary>
    public static string Yaml { get; } = EmbeddedText.Read(FileName);
}
