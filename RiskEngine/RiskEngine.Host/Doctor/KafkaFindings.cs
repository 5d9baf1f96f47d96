using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Kafka;

namespace RiskEngine.Host.Doctor;

/// <summary>Looks at what the program needs of Kafka: library, secrets, brokers, topics.</summary>
internal static class KafkaFindings
{
    private const string What = "kafka";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What was seen; nothing where no brokers are named.</summary>
    public static IReadOnlyList<Finding> Look(KafkaSettings settings)
    {
        if (!settings.IsOn) return [];
        if (KafkaParts.Faults(settings, ServeRoles.All).ToList() is { Count: > 0 } faults) return [.. faults.Select(fault => new Finding(false, What, fault))];
        var expected = KafkaParts.ExpectedOf(settings, ServeRoles.All);
        var report = TopicCheck.Look(KafkaParts.ConnectionOf(settings), expected, Patience);
        if (report.Unreachable is { } unreachable) return [new Finding(false, What, $"{settings.BootstrapServers}: {unreachable.Words}")];
        return
        [
            .. report.Faults.Select(fault => new Finding(false, What, fault)),
            .. expected.Where(topic => report.Partitions.ContainsKey(topic.Name)).Select(topic => new Finding(true, What, $"topic {topic.Name} is there, with {Words(report.Partitions[topic.Name])}")),
        ];
    }

    private static string Words(int partitions) => partitions == 1 ? "one partition" : $"{partitions} partitions";
}
