using System.Security.Cryptography;
using RiskEngine.Simulation.Attacks;

namespace RiskEngine.Simulation.Tests;

public sealed class DeterminismTests
{
    private static readonly SimulationSettings Small = new() { Users = 50, Days = 2, Seed = 7 };

    [Fact]
    public void The_same_settings_give_the_same_bytes() => Assert.Equal(Traffic.Bytes(Small), Traffic.Bytes(Small));

    // Breaks whenever the traffic changes, on purpose or because a machine computes differently: only the former may change the constant.
    [Fact]
    public void The_bytes_are_the_same_on_every_machine() =>
        Assert.Equal("6fb3b2676556cc77759f8cda5f09de4f50b779520fe0f98bf1f6ec61c3ea8321", Convert.ToHexStringLower(SHA256.HashData(Traffic.Bytes(Small))));

    /// <summary>The sixteen attacks of before: one more attack changes none of their lines.</summary>
    [Fact]
    public void An_attack_more_leaves_the_lines_of_the_others_as_they_were() =>
        Assert.Equal("f03e9f3e917657d9120fa94d8c3e92de7857111b1e13ef410c596106d1437b46", Convert.ToHexStringLower(SHA256.HashData(Traffic.Bytes(Small with { Attacks = [.. AttackCatalog.Names.Take(16)] }))));

    [Fact]
    public void Another_seed_gives_other_traffic() => Assert.NotEqual(Traffic.Bytes(Small), Traffic.Bytes(Small with { Seed = 8 }));

    [Fact]
    public void Honest_lines_are_the_same_with_and_without_attacks()
    {
        var mixed = Traffic.Lines(Small).Where(line => !line.Contains("\"label\""));
        Assert.Equal(Traffic.Lines(Small with { Attacks = ["none"] }), mixed);
    }

    [Fact]
    public void Pulling_gives_what_writing_gives()
    {
        using var pulled = new MemoryStream();
        foreach (var line in new SimulatedTraffic(Small).Lines())
        {
            pulled.Write(line.Json.Span);
            pulled.WriteByte((byte)'\n');
        }

        Assert.Equal(Traffic.Bytes(Small), pulled.ToArray());
    }

    [Fact]
    public void A_run_may_start_at_any_minute_and_stays_within_its_days_and_what_lies_months_before()
    {
        var start = new DateTimeOffset(2026, 11, 20, 14, 37, 0, TimeSpan.Zero);
        var rows = Traffic.Read(Traffic.Bytes(Small with { Days = 1, Start = start }));
        Assert.All(rows, row => Assert.True(row.Time < start.AddDays(1) && (row.Time >= start || row.Time < start.AddDays(-90)), $"{row.Time} {row.Kind} {row.Label}"));
        Assert.Contains(rows, row => row.Time < start.AddHours(2));
        Assert.Contains(rows, row => row.Time > start.AddHours(22));
    }

    [Fact]
    public void Cancelling_stops_the_writing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new SimulatedTraffic(Small).WriteTo(Stream.Null, cancelled.Token));
    }
}
