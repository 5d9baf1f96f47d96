using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Storage.Redis;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>How many commands Redis is sent, by its own count, and how many the script that writes rows calls: one to look at each, and one to write it.</summary>
public sealed class RedisCommandTests(ITestOutputHelper output)
{
    private const int Units = 10, Size = 200;

    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    /// <summary>What goes by the clock and not by events.</summary>
    private static readonly string[] Beside = ["info", "config|resetstat", "ping", "publish"];

    private static readonly string[] CalledByScript = ["getrange", "set"];

    [Fact]
    public async Task A_unit_is_read_by_one_command_and_at_most_one_more_writes_for_it_be_its_subjects_new_or_known()
    {
        var redis = await RedisServer.StartAsync();
        using var ended = redis.Server;
        var settings = await SharedStores.SettingsAsync() with { Redis = new RedisSettings { Endpoints = [redis.Endpoint], Timeout = TimeSpan.FromSeconds(5) } };
        await using var store = await SharedStores.AtAsync(settings, new ManualTimeProvider(Now.ToDateTimeOffset()));
        for (var round = 0; round < 2; round++)
        {
            await redis.CallAsync("CONFIG", "RESETSTAT");
            for (var unit = 0; unit < Units; unit++)
            {
                var work = new UnitOfWork(store.Hash);
                for (var i = unit * Size; i < (unit + 1) * Size; i++) work.Login($"{round}-{i}", Now, subject: $"s{i}", address: $"100.64.{i / 250}.{(i % 250) + 1}");
                await work.RunAsync(store);
            }

            await SharedStores.CutAsync(store);
            var calls = await CallsAsync(redis);
            output.WriteLine($"round {round}, {Units} units of {Size} events: {string.Join(", ", calls.Select(call => $"{call.Key} {call.Value}"))}");
            Assert.Equal(Units, calls["mget"]);
            var sent = calls.Where(call => !CalledByScript.Contains(call.Key)).Sum(call => call.Value);
            // A new script is sent whole; and rows that leave the journal are written by one command for thousands.
            Assert.InRange(sent, Units + 1, (2 * Units) + 10);
            Assert.False(store.IsWithoutCopies);
        }
    }

    private static async Task<Dictionary<string, long>> CallsAsync(RedisServer redis) => (await redis.CallAsync("INFO", "commandstats"))!.Split('\n')
        .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal)).Select(line => line["cmdstat_".Length..].Split(":calls="))
        .Where(call => !Beside.Contains(call[0])).ToDictionary(call => call[0], call => long.Parse(call[1][..call[1].IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
}
