using System.Text;
using Confluent.Kafka;
using RiskEngine.Core.Events;

namespace RiskEngine.Kafka.Tests;

public sealed class LoginConsumerTests
{
    private const int Partitions = 6;

    private static readonly string[] Both = [$"{Topics.Logins}:{Partitions}", $"{Topics.DeadLetters}:1"];

    [KafkaFact]
    public async Task Each_of_twenty_thousand_events_is_assessed_once_and_its_offset_moves()
    {
        const int Count = 20_000;
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, Count).Select(Topics.Record));
        await using var engines = new Engines();
        await using (var consuming = new Consuming(broker, engines))
        {
            await Until.IsSoAsync(() => engines.Events == Count, "all events were judged");
            await Until.IsSoAsync(() => consuming.Watch.Lag == 0, "there is no lag");
            await consuming.StopAsync();
            Assert.Empty(consuming.Watch.Breaks);
        }

        engines.AssertEachOnce(Count);
        Assert.Equal(Count, Topics.Committed(broker, Partitions).Sum());

        await using (var again = new Consuming(broker, engines))
        {
            Topics.Write(broker, Topics.Logins, Topics.Record(Count));
            await Until.IsSoAsync(() => engines.Events == Count + 1, "the next one goes on where the last one ended");
        }

        Assert.Equal(0, engines.Duplicates);
    }

    [KafkaFact]
    public async Task What_nobody_understands_becomes_a_dead_letter_and_its_offset_moves()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        var unknown = Topics.Record(3);
        unknown.Headers = [new Header("riskengine-schema", "2"u8.ToArray()), new Header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"u8.ToArray())];
        var known = Topics.Record(1);
        known.Headers = [new Header("riskengine-schema", "1"u8.ToArray())];
        Topics.Write(
            broker, Topics.Logins, Topics.Record(0), Raw("{\"kind\":\"login\""), known, unknown, Raw(new string('x', 3_000_000)), new Message<byte[]?, byte[]?> { Key = "default/u1"u8.ToArray(), Value = null },
            Topics.Record(2), Raw("\0\0\0\0\u0001avro"));
        await using var engines = new Engines();
        await using var consuming = new Consuming(broker, engines);
        await Until.IsSoAsync(() => engines.Events == 3 && consuming.Watch.Letters.Count == 5, "the good ones are judged and the others put away");
        await consuming.StopAsync();

        engines.AssertEachOnce(3);
        Assert.Equal(8, Topics.Committed(broker, Partitions).Where(next => next > 0).Sum());
        var letters = Topics.Read(broker, Topics.DeadLetters, 5).ToDictionary(letter => Topics.Header(letter, "riskengine-reason"));
        Assert.Equal(["invalid_json", "line_too_long", "nul_byte", "unknown_schema", "unrecognised"], letters.Keys.Order(StringComparer.Ordinal));
        var torn = letters["invalid_json"];
        Assert.Equal("{\"kind\":\"login\"", Encoding.UTF8.GetString(torn.Message.Value!));
        Assert.Equal((Topics.Logins, "1", "false"), (Topics.Header(torn, "riskengine-source"), Topics.Header(torn, "riskengine-attempts"), Topics.Header(torn, "riskengine-payload-cut")));
        var large = letters["line_too_long"];
        Assert.Equal(("3000000", "true", 256 * 1024), (Topics.Header(large, "riskengine-payload-bytes"), Topics.Header(large, "riskengine-payload-cut"), large.Message.Value!.Length));
        Assert.StartsWith("00-0af765", Topics.Header(letters["unknown_schema"], "traceparent"), StringComparison.Ordinal);
        Assert.Equal(consuming.Watch.Letters.Select(letter => (letter.Partition, letter.Offset)).Order(), letters.Values.Select(PlaceOf).Order());
    }

    [KafkaFact]
    public async Task While_a_dead_letter_cannot_be_written_the_offset_of_its_record_stays()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:1", $"{Topics.DeadLetters}:1");
        Topics.Write(broker, Topics.Logins, Topics.Record(0), Raw("no event"), Topics.Record(1));
        await broker.FailAsync(MockBroker.Produce, MockBroker.TopicDenied, times: 1000);
        await using var engines = new Engines();
        await using var consuming = new Consuming(broker, engines);
        await Until.IsSoAsync(() => engines.Events == 2, "what can be judged is judged");
        await Until.IsSoAsync(() => consuming.Watch.Faults.Contains(KafkaFault.Unauthorized), "the dead letter was refused");
        await Until.IsSoAsync(() => Topics.Committed(broker, 1)[0] == 1, "what comes before it is acknowledged");
        Assert.Empty(consuming.Watch.Letters);

        await broker.HealAsync(MockBroker.Produce);
        await Until.IsSoAsync(() => Topics.Committed(broker, 1)[0] == 3, "its offset moved");
        Assert.Single(Topics.Read(broker, Topics.DeadLetters, 1));
    }

    [KafkaFact]
    public async Task A_dead_letter_that_is_too_large_for_the_topic_goes_without_its_payload()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:1", $"{Topics.DeadLetters}:1");
        Topics.Write(broker, Topics.Logins, Raw(new string('x', 100_000)));
        await broker.FailAsync(MockBroker.Produce, MockBroker.MessageTooLarge, times: 1);
        await using var engines = new Engines();
        await using var consuming = new Consuming(broker, engines);
        var letter = Topics.Read(broker, Topics.DeadLetters, 1)[0];
        Assert.Equal((0, "100000", "true"), (letter.Message.Value?.Length ?? 0, Topics.Header(letter, "riskengine-payload-bytes"), Topics.Header(letter, "riskengine-payload-cut")));
    }

    [KafkaFact]
    public async Task A_full_pipeline_pauses_fetching_until_it_has_room_again()
    {
        const int Count = 6000;
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, Count).Select(Topics.Record));
        await using var engines = new Engines();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = 0;
        await using var consuming = new Consuming(broker, engines, Consuming.Settings with { MaxInFlight = 1000, BatchEvents = 100 }, async (batch, cancellation) =>
        {
            Interlocked.Add(ref taken, batch.Events.Count);
            await gate.Task;
            await engines.Loop.SubmitAsync(batch.Events, "kafka", null, cancellation);
        });
        await Until.IsSoAsync(() => consuming.Watch.Pauses.SequenceEqual([true]), "fetching pauses");
        await Until.IsSoAsync(() => consuming.Watch.Lag == Count, "what waits is seen as lag");
        Assert.Equal((1000, 0), (taken, engines.Events));

        gate.SetResult();
        await Until.IsSoAsync(() => engines.Events == Count, "everything was judged");
        engines.AssertEachOnce(Count);
        Assert.Equal([true, false], consuming.Watch.Pauses.Take(2));
    }

    [KafkaFact]
    public async Task A_broker_that_goes_away_and_comes_back_costs_nothing()
    {
        const int Count = 2000;
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, Count).Select(Topics.Record));
        await using var engines = new Engines();
        await using var consuming = new Consuming(broker, engines);
        await Until.IsSoAsync(() => engines.Events > 0, "it began");
        await broker.DownAsync();
        await Until.IsSoAsync(() => consuming.Watch.Faults.Contains(KafkaFault.Unreachable), "the outage was told");
        await broker.UpAsync();
        Topics.Write(broker, Topics.Logins, Enumerable.Range(Count, Count).Select(Topics.Record));
        await Until.IsSoAsync(() => engines.Events == 2 * Count, "everything was judged");
        engines.AssertEachOnce(2 * Count);
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == 2 * Count, "everything is acknowledged");
    }

    [KafkaFact]
    public async Task A_batch_that_breaks_off_is_read_again()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 100).Select(Topics.Record));
        await using var engines = new Engines();
        var broken = 0;
        await using var consuming = new Consuming(broker, engines, Consuming.Settings with { RestartPause = TimeSpan.Zero }, (batch, cancellation) =>
            Interlocked.Exchange(ref broken, 1) == 0 ? Task.FromException(new InvalidDataException("once")) : engines.Loop.SubmitAsync(batch.Events, "kafka", null, cancellation));
        await Until.IsSoAsync(() => engines.Events == 100, "everything was judged");
        Assert.Single(consuming.Watch.Breaks);
        await consuming.StopAsync();
        Assert.Equal(100, Topics.Committed(broker, Partitions).Where(next => next > 0).Sum());
    }

    [KafkaFact]
    public async Task A_record_that_cannot_be_judged_becomes_a_dead_letter_and_the_others_are_kept()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:1", $"{Topics.DeadLetters}:1");
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 3).Select(Topics.Record));
        await using var engines = new Engines();
        Consuming? self = null;
        await using var consuming = self = new Consuming(broker, engines, judge: async (batch, cancellation) =>
            await self!.Letters.WriteAsync(batch.LetterFor(new SourcePosition(0, 0, 1), attempts: 4), cancellation));
        var letter = Topics.Read(broker, Topics.DeadLetters, 1)[0];
        Assert.Equal(("unjudgeable", "1", "4"), (Topics.Header(letter, "riskengine-reason"), Topics.Header(letter, "riskengine-offset"), Topics.Header(letter, "riskengine-attempts")));
        Assert.Equal(Topics.Login(1), Encoding.UTF8.GetString(letter.Message.Value!));
        await Until.IsSoAsync(() => Topics.Committed(broker, 1)[0] == 3, "the offset moved");
    }

    private static Message<byte[]?, byte[]?> Raw(string text) => new() { Key = "default/u1"u8.ToArray(), Value = Encoding.UTF8.GetBytes(text) };

    private static (int, long) PlaceOf(ConsumeResult<byte[]?, byte[]?> letter) =>
        (int.Parse(Topics.Header(letter, "riskengine-partition")), long.Parse(Topics.Header(letter, "riskengine-offset")));
}
