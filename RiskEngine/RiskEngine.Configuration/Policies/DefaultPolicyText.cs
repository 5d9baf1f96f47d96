namespace RiskEngine.Configuration;

/// <summary>The built-in policy as text, for people to print, copy and change.</summary>
public static class DefaultPolicyText
{
    public const string FileName = "default-policy.yaml";

    /// <summary>Gets the text; it says the same as <see cref="Core.Policies.DefaultPolicy.Definition"/>.</summary>
    public static string Yaml { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(DefaultPolicyText).Assembly.GetManifestResourceStream(FileName) ?? throw new InvalidOperationException($"{FileName} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
