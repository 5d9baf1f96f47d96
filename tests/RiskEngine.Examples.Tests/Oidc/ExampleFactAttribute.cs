namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>A test of the example that needs Node, its packages and Chromium; skipped, and counted as skipped, where one of them is absent.</summary>
public sealed class ExampleFactAttribute : FactAttribute
{
    public ExampleFactAttribute()
    {
        if (Missing is { } missing) Skip = missing;
    }

    /// <summary>Gets what is not there, and what to do about it; null where everything is.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "This is not Linux."
        : Find("node") is null ? "The program node is not there."
        : !Directory.Exists(Path.Combine(Node.Folder, "node_modules", "oidc-provider")) ? "The packages of deploy/examples/oidc are not there: npm ci."
        : Chromium is null ? "The program chromium is not there." : null;

    /// <summary>Gets the browser: Debian's, since none is fetched by a test.</summary>
    public static string? Chromium => Find("chromium");

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

/// <summary>The same for theories.</summary>
public sealed class ExampleTheoryAttribute : TheoryAttribute
{
    public ExampleTheoryAttribute()
    {
        if (ExampleFactAttribute.Missing is { } missing) Skip = missing;
    }
}
