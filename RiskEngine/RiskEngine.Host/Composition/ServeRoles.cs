namespace RiskEngine.Host.Composition;

/// <summary>What a process does.</summary>
[Flags]
internal enum ServeRoles
{
    None = 0,

    /// <summary>Takes events: HTTP, files, syslog, polls. Alone, it writes them to Kafka and judges nothing.</summary>
    Collector = 1,

    /// <summary>Judges: what comes from Kafka, and what is posted to it.</summary>
    Engine = 2,

    /// <summary>Answers questions; where the engine is.</summary>
    Api = 4,

    All = Collector | Engine | Api,
}
