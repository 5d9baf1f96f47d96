namespace RiskEngine.Host.Tests.Api;

/// <summary><see cref="OpenApiFactAttribute"/> for a test of several cases.</summary>
public sealed class OpenApiTheoryAttribute : TheoryAttribute
{
    public OpenApiTheoryAttribute() => Skip = new OpenApiFactAttribute().Skip;
}
