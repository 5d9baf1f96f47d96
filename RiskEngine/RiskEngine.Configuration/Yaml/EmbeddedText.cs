namespace RiskEngine.Configuration.Yaml;

/// <summary>Files that come in the assembly.</summary>
internal static class EmbeddedText
{
    /// <param name="name">The logical name that the project gives it.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
