using System.Diagnostics;
using System.IO.Pipes;
using Microsoft.Extensions.Logging;
using RiskEngine.Configuration;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Tests.Telemetry;

/// <summary>The log on a real pipe: read, not read, and broken.</summary>
public sealed class LineQueueTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Lines_arrive_whole_and_in_order_and_those_on_their_way_at_the_end_too()
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle));
        var reading = Task.Run(reader.ReadToEnd);
        var loggers = new JsonLogging(new LogSettings { QueueCapacity = 65_536 }, pipe);
        var logger = loggers.CreateLogger("RiskEngine.Test");
        for (var i = 0; i < 5000; i++) LogNumber(logger, i);
        loggers.Dispose();
        await pipe.DisposeAsync();
        var lines = (await reading).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, loggers.Dropped);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"\"number\":{i}}}"), lines.Select(line => line[line.IndexOf("\"number\"", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void A_pipe_that_nobody_reads_holds_nobody_up_and_what_does_not_fit_is_counted()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var loggers = new JsonLogging(new LogSettings { QueueCapacity = 16 }, pipe);
        var logger = loggers.CreateLogger("RiskEngine.Test");
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20_000; i++) LogNumber(logger, i);
        Assert.True(loggers.Dropped > 10_000, $"{loggers.Dropped} dropped");
        loggers.Dispose();
        Assert.True(clock.Elapsed < Bound, $"it took {clock.Elapsed}");
        // Whatever the pipe had taken before it was full; the rest is accounted for.
        Assert.InRange(loggers.Dropped, 10_000, 20_000);
    }

    [Fact]
    public void A_reader_that_is_gone_costs_lines_and_nothing_else()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        var loggers = new JsonLogging(new LogSettings(), pipe);
        LogNumber(loggers.CreateLogger("RiskEngine.Test"), 1);
        loggers.Dispose();
        Assert.Equal(1, loggers.Dropped);
    }

    private static void LogNumber(ILogger logger, int number) =>
        logger.Log(LogLevel.Warning, default, new[] { new KeyValuePair<string, object?>("Number", number) }, null, (_, _) => "a line of a length that is usual for a line of a log");
}
