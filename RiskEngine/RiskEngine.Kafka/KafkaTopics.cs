namespace RiskEngine.Kafka;

/// <summary>The topics by name. Immutable.</summary>
public sealed record KafkaTopics
{
    /// <summary>Gets where login events come from: key "tenant/subject", value canonical JSON.</summary>
    public string Logins { get; init; } = "riskengine.logins";

    /// <summary>Gets where assessments go: key "tenant/subject".</summary>
    public string Assessments { get; init; } = "riskengine.assessments";

    /// <summary>Gets where blocks go: compacted, key "scope:value", nothing as the value where one was ended.</summary>
    public string Decisions { get; init; } = "riskengine.decisions";

    /// <summary>Gets where records go that nobody understands.</summary>
    public string DeadLetters { get; init; } = "riskengine.dead-letters";
}
