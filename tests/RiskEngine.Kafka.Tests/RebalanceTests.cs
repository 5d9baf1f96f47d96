namespace RiskEngine.Kafka.Tests;

/// <summary>Partitions that come and go while events are in hand.</summary>
public sealed class RebalanceTests
{
    private const int Partitions = 6, Count = 6000;

    private static readonly string[] Both = [$"{Topics.Logins}:{Partitions}", $"{Topics.DeadLetters}:1"];

    [KafkaFact]
    public async Task A_second_member_takes_its_share_and_nothing_is_lost_or_judged_twice()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        await using var engines = new Engines();
        await using var first = new Consuming(broker, engines);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, Count).Select(Topics.Record));
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == Count, "the first one has acknowledged all");
        KafkaWatch other;
        await using (var second = new Consuming(broker, engines))
        {
            other = second.Watch;
            await Until.IsSoAsync(() => first.Watch.Assigned == 3 && second.Watch.Assigned == 3, "they share");
            Topics.Write(broker, Topics.Logins, Enumerable.Range(Count, Count).Select(Topics.Record));
            await Until.IsSoAsync(() => engines.Events > Count, "both go on");
        }

        await Until.IsSoAsync(() => first.Watch.Assigned == Partitions, "what the second one had comes back");
        await Until.IsSoAsync(() => engines.Events == 2 * Count, "everything was judged");
        engines.AssertEachOnce(2 * Count);
        Assert.True(engines.Duplicates == 0, $"{engines.Duplicates} were read again: {Told(first.Watch)} | {Told(other)}");
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == 2 * Count, "everything is acknowledged");
    }

    /// <remarks>
    /// Brokers take acknowledgements of the last generation while members join anew. The test broker refuses them then, and it refuses a follower whose question
    /// for its share comes after the leader's answer, so that this one joins anew just when the other one gives partitions back.
    /// </remarks>
    [KafkaFact]
    public async Task What_was_in_hand_when_a_second_member_came_counts_once_and_is_read_again_only_where_the_broker_took_no_acknowledgement()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        await using var engines = new Engines();
        await using var first = new Consuming(broker, engines);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, Count).Select(Topics.Record));
        await Until.IsSoAsync(() => engines.Events > 0, "the first one began");
        await using var second = new Consuming(broker, engines);
        await Until.IsSoAsync(() => first.Watch.Assigned == 3 && second.Watch.Assigned == 3, "they share");
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == Count, "everything is acknowledged");
        engines.AssertEachOnce(Count);
        var isRefused = first.Watch.Faults.Contains(KafkaFault.Rebalancing);
        Assert.True(engines.Duplicates == 0 || isRefused, $"{engines.Duplicates} were read again: {Told(first.Watch)} | {Told(second.Watch)}");
    }

    [KafkaFact]
    public async Task What_is_not_done_in_time_when_partitions_go_is_read_by_who_gets_them_and_counts_once()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 600).Select(Topics.Record));
        await using var engines = new Engines();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stuck = new Consuming(broker, engines, Consuming.Settings with { DrainTimeout = TimeSpan.FromMilliseconds(200) }, async (batch, cancellation) =>
        {
            await gate.Task;
            await engines.Loop.SubmitAsync(batch.Events, "kafka", null, CancellationToken.None);
        });
        await Until.IsSoAsync(() => stuck.Watch.Assigned == Partitions, "it has all partitions");
        await using var other = new Consuming(broker, engines);
        await Until.IsSoAsync(() => other.Watch.Assigned == 3 && engines.Events > 0, "the other one has half of them and reads them from the beginning");
        // There is no lag before the first fetch either, so what is judged and what is acknowledged have to agree.
        await Until.IsSoAsync(
            () => other.Watch.Lag == 0 && engines.Events > 0 && Topics.Committed(broker, Partitions).Where(next => next > 0).Sum() == engines.Events, "its half is acknowledged and nothing else");
        Assert.InRange(engines.Events, 1, 599);

        gate.SetResult();
        await Until.IsSoAsync(() => engines.Events == 600 && engines.Duplicates > 0, "what was in hand is told as repeated");
        engines.AssertEachOnce(600);
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == 600, "everything is acknowledged");
    }

    [KafkaFact]
    public async Task Of_partitions_that_are_lost_nothing_is_acknowledged_and_all_is_read_again()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        await using var engines = new Engines();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var consuming = new Consuming(broker, engines, judge: async (batch, cancellation) =>
        {
            await gate.Task;
            await engines.Loop.SubmitAsync(batch.Events, "kafka", null, CancellationToken.None);
        });
        await Until.IsSoAsync(() => consuming.Watch.Assigned == Partitions, "it has all partitions");
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 600).Select(Topics.Record));
        await Until.IsSoAsync(() => consuming.Watch.Lag == 600, "everything is in hand");
        await broker.FailAsync(MockBroker.Heartbeat, MockBroker.UnknownMember, times: 1);
        await Until.IsSoAsync(() => consuming.Watch.Rebalances.Contains(Rebalance.Lost), "the partitions are lost");
        Assert.All(Topics.Committed(broker, Partitions), next => Assert.Equal(-1, next));

        gate.SetResult();
        await Until.IsSoAsync(() => engines.Duplicates > 0 && engines.Events == 600, "it is read again and told as repeated");
        engines.AssertEachOnce(600);
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == 600, "everything is acknowledged in the end");
    }

    [KafkaFact]
    public async Task A_member_with_a_name_has_its_partitions_again_after_a_restart()
    {
        await using var broker = await MockBroker.StartAsync(Both);
        await using var engines = new Engines();
        var named = Consuming.Settings with { GroupInstanceId = "one" };
        await using (var first = new Consuming(broker, engines, named))
        {
            Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 100).Select(Topics.Record));
            await Until.IsSoAsync(() => engines.Events == 100, "it works");
        }

        await using var second = new Consuming(broker, engines, named);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(100, 100).Select(Topics.Record));
        await Until.IsSoAsync(() => engines.Events == 200, "it goes on");
        Assert.Equal(0, engines.Duplicates);
    }

    private static string Told(KafkaWatch watch) => string.Join(' ', [.. watch.Faults, .. watch.Rebalances.Select(kind => $"{kind}")]);
}
