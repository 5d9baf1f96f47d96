using System.Diagnostics;
using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using Xunit.Abstractions;

namespace RiskEngine.Collectors.Tests.File;

/// <summary>Prints what an event costs; asserts only what no busy machine can make false.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Lines = 20_000;
    private const int Rounds = 50;

    [Theory, InlineData("riskengine"), InlineData("authentik"), InlineData("rba"), InlineData("sshd")]
    public void A_million_lines_are_read(string name)
    {
        var sample = name == "rba" ? Samples.Rba[0] : Samples.Of(name)[0];
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sample + "\n", Lines)));
        var format = Some.Format(name);
        format.Parse(Encoding.UTF8.GetBytes(Samples.RbaHeader), default, new EventBatch());
        for (var i = 0; i < 3; i++) Run(format, bytes);

        var clock = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var events = 0;
        for (var i = 0; i < Rounds; i++) events += Run(format, bytes);
        output.WriteLine($"{name}: {clock.Elapsed.TotalMicroseconds / events:F3} µs an event ({(Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / events:F3} µs of processor time), {sample.Length} bytes each, {events} events");
        Assert.Equal(Lines * Rounds, events);
    }

    private static int Run(IEventFormat format, byte[] bytes)
    {
        using var reader = new EventReader(new MemoryStream(bytes), format);
        var batch = new EventBatch();
        List<RejectedRecord> rejected = [];
        var events = 0;
        while (reader.TryReadBatch(batch, rejected)) events += batch.Count;
        return events;
    }
}
