namespace RiskEngine.Host.Api;

/// <summary>What a route that reads its body itself takes, for OpenAPI. Unlike ASP.NET Core's own metadata it does not choose routes by content type.</summary>
internal sealed record BodyContract(Type Type, params string[] MediaTypes);
