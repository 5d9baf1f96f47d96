using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Telemetry;

public sealed class LogTests
{
    [Fact]
    public async Task Decisions_other_than_allow_are_logged_without_names_and_keys()
    {
        using var lines = new RecordingLoggerFactory();
        await using var server = await RunningServer.StartAsync(loggers: lines);
        using (await server.Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson")))
        {
        }

        using (await server.Client("rk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").GetAsync("/api/v1/blocks"))
        {
        }

        Assert.Contains(lines.Messages, message => message.StartsWith("block", StringComparison.Ordinal) && message.Contains("203.0.113.9", StringComparison.Ordinal));
        Assert.Contains(lines.Messages, message => message.Contains("bad_key", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Messages, message => message.Contains("rk_", StringComparison.Ordinal) || message.Contains(" n42 ", StringComparison.Ordinal) || message.Contains("usern", StringComparison.Ordinal));
    }
}

/// <summary>Keeps what was logged.</summary>
public sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    private readonly List<string> _messages = [];

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("RiskEngine", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_messages) _messages.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
