using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace RiskEngine.Kafka.Tests;

/// <summary>Writes to topics and reads them as others do, by the driver alone.</summary>
internal static class Topics
{
    public const string Logins = "riskengine.logins", DeadLetters = "riskengine.dead-letters", Assessments = "riskengine.assessments", Decisions = "riskengine.decisions", Group = "riskengine";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The time of the first event.</summary>
    public static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddHours(-12);

    public static string IdOf(int number) => $"event-{number}";

    public static string SubjectOf(int number) => $"u{number % 500}";

    /// <summary>A login in the canonical form.</summary>
    public static string Login(int number) =>
        $$"""{"id":"{{IdOf(number)}}","occurred_at":"{{Start.AddMilliseconds(number * 100).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","kind":"login","subject":{"id":"{{SubjectOf(number)}}"},"source_ip":"198.51.100.{{1 + (number % 200)}}","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}""";

    public static Message<byte[]?, byte[]?> Record(int number) => new() { Key = Encoding.UTF8.GetBytes($"default/{SubjectOf(number)}"), Value = Encoding.UTF8.GetBytes(Login(number)) };

    /// <summary>Writes records and waits until the broker has them.</summary>
    public static void Write(MockBroker broker, string topic, params IEnumerable<Message<byte[]?, byte[]?>> records)
    {
        var config = new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 20, CompressionType = CompressionType.Lz4, QueueBufferingMaxMessages = 2_000_000, MessageMaxBytes = 8_000_000 };
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(config).Build();
        var failed = 0;
        foreach (var record in records) producer.Produce(topic, record, report => failed += report.Error.IsError ? 1 : 0);
        Assert.Equal(0, producer.Flush(Patience));
        Assert.Equal(0, failed);
    }

    /// <summary>Reads a topic from its beginning until that many records came.</summary>
    public static List<ConsumeResult<byte[]?, byte[]?>> Read(MockBroker broker, string topic, int count)
    {
        List<ConsumeResult<byte[]?, byte[]?>> records = [];
        ReadUntil(broker, topic, record =>
        {
            records.Add(record);
            return records.Count == count;
        });
        return records;
    }

    /// <summary>Reads a topic from its beginning until records with that many different values of a member came.</summary>
    /// <returns>The values, and how many records it took.</returns>
    public static (HashSet<string> Values, int Records) ReadDistinct(MockBroker broker, string topic, string member, int count)
    {
        var (values, records) = (new HashSet<string>(), 0);
        ReadUntil(broker, topic, record =>
        {
            records++;
            using var json = JsonDocument.Parse(record.Message.Value);
            values.Add(json.RootElement.GetProperty(member).GetString()!);
            return values.Count == count;
        });
        return (values, records);
    }

    private static void ReadUntil(MockBroker broker, string topic, Func<ConsumeResult<byte[]?, byte[]?>, bool> isEnough)
    {
        var config = new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = $"reader-{Guid.NewGuid():N}", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).Build();
        consumer.Subscribe(topic);
        var started = TimeProvider.System.GetTimestamp();
        while (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } record || !isEnough(record))
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "Not all records came.");
    }

    /// <summary>What the group has committed of each partition; −1 where nothing.</summary>
    public static long[] Committed(MockBroker broker, int partitions)
    {
        var config = new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = Group };
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).Build();
        var places = Enumerable.Range(0, partitions).Select(partition => new TopicPartition(Logins, partition)).ToList();
        return [.. consumer.Committed(places, Patience).OrderBy(place => place.Partition.Value).Select(place => place.Offset == Offset.Unset ? -1 : place.Offset.Value)];
    }

    public static string Header(ConsumeResult<byte[]?, byte[]?> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));
}
