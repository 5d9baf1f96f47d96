using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Kafka.Producing;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Kafka.Tests;

public sealed class AssessmentWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [KafkaFact]
    public async Task What_did_not_arrive_is_known_and_can_be_written_again_from_the_store()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Assessments}:1");
        using var producer = new KafkaProducer(broker.Connection, new ProducerSettings { DeliveryTimeout = TimeSpan.FromSeconds(2) }, new KafkaWatch());
        var writer = new AssessmentWriter(producer, Topics.Assessments, TimeProvider.System);
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 1000 }, TimeProvider.System);
        await using var loop = new JudgeLoop(store, new EngineReference(Some.Engine(store.Hash)), new PipelineSettings(), [writer]);
        using var patience = new CancellationTokenSource(Patience);

        var before = writer.Sent;
        await loop.SubmitAsync(Batch(store.Hash, 0, 10), "kafka", null, patience.Token);
        Assert.True(await writer.ArrivedSinceAsync(before, patience.Token));
        Assert.Equal(before + 10, writer.Sent);

        await broker.DownAsync();
        var during = writer.Sent;
        await loop.SubmitAsync(Batch(store.Hash, 10, 5), "kafka", null, patience.Token);
        Assert.False(await writer.ArrivedSinceAsync(during, patience.Token));
        var repeating = writer.RepeatAsync(Batch(store.Hash, 10, 5), store, patience.Token);
        Assert.False(repeating.IsCompleted);
        await broker.UpAsync();
        await repeating;

        var ids = Topics.Read(broker, Topics.Assessments, 15).Select(record => JsonDocument.Parse(record.Message.Value).RootElement.GetProperty("event_id").GetString()!);
        Assert.Equal(Enumerable.Range(0, 15).Select(Topics.IdOf).Order(StringComparer.Ordinal), ids.Distinct().Order(StringComparer.Ordinal));
        var after = writer.Sent;
        await loop.SubmitAsync(Batch(store.Hash, 15, 1), "kafka", null, patience.Token);
        Assert.True(await writer.ArrivedSinceAsync(after, patience.Token));
    }

    private static EventBatch Batch(KeyedHash hash, int first, int count)
    {
        var format = new RiskEngineFormat(new FormatContext { Hash = hash, Clock = TimeProvider.System });
        var batch = new EventBatch();
        foreach (var number in Enumerable.Range(first, count)) Assert.Equal(1, format.Parse(System.Text.Encoding.UTF8.GetBytes(Topics.Login(number)), new SourcePosition(0, 0, number), batch).Added);
        return batch;
    }
}
