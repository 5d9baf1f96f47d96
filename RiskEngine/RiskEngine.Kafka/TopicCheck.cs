using Confluent.Kafka;

namespace RiskEngine.Kafka;

/// <summary>A topic that has to be there.</summary>
/// <param name="Partitions">How many partitions it has to have; null for any number.</param>
public sealed record ExpectedTopic(string Name, int? Partitions = null);

/// <summary>What was found of the topics.</summary>
/// <param name="Unreachable">Why nothing could be asked; null where the brokers answered.</param>
/// <param name="Faults">What is not as it has to be, in words that say what to do.</param>
/// <param name="Partitions">Partitions of the topics that are there.</param>
public sealed record TopicReport(KafkaFault? Unreachable, IReadOnlyList<string> Faults, IReadOnlyDictionary<string, int> Partitions);

/// <summary>Asks the brokers for the topics that are needed. Makes none: how many partitions and copies a topic has is the operator's decision.</summary>
public static class TopicCheck
{
    /// <summary>Looks, and waits for an answer up to <paramref name="timeout"/>.</summary>
    public static TopicReport Look(KafkaConnection connection, IReadOnlyList<ExpectedTopic> expected, TimeSpan timeout)
    {
        Error? told = null;
        try
        {
            var config = new AdminClientConfig();
            connection.Apply(config);
            using var client = new AdminClientBuilder(config).SetErrorHandler((_, error) => told = Weightier(told, error)).SetLogHandler((_, _) => { }).Build();
            // Of all topics: a question for one by name would make it where brokers make topics by themselves.
            var metadata = client.GetMetadata(timeout);
            var found = metadata.Topics.Where(topic => topic.Error.Code == ErrorCode.NoError).ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
            return new TopicReport(null, [.. expected.Select(topic => FaultOf(topic, found)).OfType<string>()], found);
        }
        catch (KafkaException failure)
        {
            return new TopicReport(KafkaFault.Of(told ?? failure.Error), [], new Dictionary<string, int>());
        }
        catch (InvalidDataException failure)
        {
            return new TopicReport(new KafkaFault(KafkaFault.Credentials, failure.Message), [], new Dictionary<string, int>());
        }
    }

    /// <summary>What says more than that nobody answers stands.</summary>
    private static Error Weightier(Error? told, Error error) => told is null || KafkaFault.Of(told).Reason == KafkaFault.Unreachable ? error : told;

    private static string? FaultOf(ExpectedTopic topic, Dictionary<string, int> found)
    {
        if (!found.TryGetValue(topic.Name, out var partitions))
            return $"topic {topic.Name} is not there, or may not be seen by this user. Create it with the partitions you want ('kafka-topics.sh --create --topic {topic.Name} --partitions {topic.Partitions ?? 12} …').";
        if (topic.Partitions is { } wanted && wanted != partitions)
            return $"topic {topic.Name} has {partitions} partitions and kafka.partitions says {wanted}. With another number the same subject goes to another partition: drain the topic first, then set kafka.partitions to {partitions}, or create the topic anew.";
        return null;
    }
}
