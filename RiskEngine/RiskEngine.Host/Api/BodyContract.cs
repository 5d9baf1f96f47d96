using Microsoft.OpenApi;

namespace RiskEngine.Host.Api;

/// <summary>What a route that reads its body itself takes, for OpenAPI. Unlike ASP.NET Core's own metadata it does not choose routes by content type.</summary>
internal sealed record BodyContract(Type Type, params string[] MediaTypes)
{
    /// <summary>Gets the type of a list of it, where JSON may hold one or a list; NDJSON then holds one a line.</summary>
    public Type? ListType { get; init; }
}

/// <summary>What a route answers with in one of several media types, for OpenAPI, which has one type for all of a status otherwise.</summary>
internal sealed record AnswerContract(int Status, string MediaType, Type Type);

/// <summary>That an answer in JSON may be <c>null</c> in place of what its type says, for OpenAPI.</summary>
internal sealed record NullableAnswer(int Status);

/// <summary>What a member takes beside what its type says, for OpenAPI.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AlsoTakesAttribute(JsonSchemaType type) : Attribute
{
    public JsonSchemaType Type { get; } = type;
}
