using RiskEngine.Examples.Tests.Oidc;

namespace RiskEngine.Examples.Tests.People;

/// <summary>A theory that needs Chromium and nothing else; skipped, and counted as skipped, where it is absent.</summary>
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute()
    {
        if (!IsThere) Skip = "The program chromium is not there.";
    }

    public static bool IsThere { get; } = OperatingSystem.IsLinux() && ExampleFactAttribute.Chromium is not null;
}
