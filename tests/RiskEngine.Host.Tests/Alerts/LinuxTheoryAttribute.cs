using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary><see cref="LinuxFactAttribute"/> for a test of several cases.</summary>
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute(params string[] programs) => Skip = new LinuxFactAttribute(programs).Skip;
}
