namespace RiskEngine.Host.Tests.Api;

/// <summary>A test that needs <c>python3</c> and <c>python3-jsonschema</c>; skipped, and counted as skipped, where they are absent.</summary>
public sealed class OpenApiFactAttribute : FactAttribute
{
    public OpenApiFactAttribute() => Skip = OpenApiChecker.IsThere ? null : "python3-jsonschema is not there to hold traffic against the OpenAPI document.";
}
