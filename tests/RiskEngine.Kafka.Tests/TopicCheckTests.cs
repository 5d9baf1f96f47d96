namespace RiskEngine.Kafka.Tests;

public sealed class TopicCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [KafkaFact]
    public async Task Topics_that_are_as_expected_have_no_fault()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:12", $"{Topics.DeadLetters}:1");
        var report = TopicCheck.Look(broker.Connection, [new(Topics.Logins, 12), new(Topics.DeadLetters)], Patience);
        Assert.Null(report.Unreachable);
        Assert.Empty(report.Faults);
        Assert.Equal(12, report.Partitions[Topics.Logins]);
    }

    [KafkaFact]
    public async Task A_topic_that_is_missing_and_one_with_other_partitions_are_told_together_and_none_is_made()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:6");
        for (var i = 0; i < 2; i++)
        {
            var report = TopicCheck.Look(broker.Connection, [new(Topics.Logins, 12), new(Topics.DeadLetters)], Patience);
            Assert.Equal(2, report.Faults.Count);
            Assert.Contains("has 6 partitions and kafka.partitions says 12", report.Faults[0], StringComparison.Ordinal);
            Assert.Contains($"topic {Topics.DeadLetters} is not there", report.Faults[1], StringComparison.Ordinal);
        }
    }

    [KafkaFact]
    public async Task Brokers_that_do_not_answer_are_told_as_unreachable()
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:6");
        await broker.DownAsync();
        var report = TopicCheck.Look(broker.Connection, [new(Topics.Logins)], TimeSpan.FromSeconds(2));
        Assert.Equal(KafkaFault.Unreachable, report.Unreachable?.Reason);
        Assert.Contains("kafka.bootstrap_servers", report.Unreachable?.Words, StringComparison.Ordinal);
    }
}
