using System.Text.Json;
using Microsoft.Extensions.Logging;
using RiskEngine.Host.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>From a call of <c>[LoggerMessage]</c> through Serilog to a line.</summary>
public sealed partial class LogLineTests : IDisposable
{
    private readonly RecordingSink _sink = new();
    private readonly Logger _serilog;
    private readonly Microsoft.Extensions.Logging.ILogger _logger;

    public LogLineTests()
    {
        _serilog = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_sink).CreateLogger();
        _logger = new SerilogBridge(_serilog).CreateLogger("A.B.Category");
    }

    public void Dispose() => _serilog.Dispose();

    [Fact]
    public void A_line_has_time_level_source_message_and_what_the_message_was_made_of()
    {
        LogLogin(_logger, "jane \"x\"", 3, 87.381, true, null, ["a", "b"]);
        var line = Line();
        Assert.Equal("jane \"x\" tried 3 times, 87.4, True, (null), a, b.", line.GetProperty("message").GetString());
        Assert.Equal(("warn", "Category"), (line.GetProperty("level").GetString(), line.GetProperty("source").GetString()));
        Assert.Equal(("jane \"x\"", 3, 87.381), (line.GetProperty("subject_name").GetString(), line.GetProperty("times").GetInt32(), line.GetProperty("risk_score").GetDouble()));
        Assert.True(line.GetProperty("enforced").GetBoolean());
        Assert.Equal(JsonValueKind.Null, line.GetProperty("rule").ValueKind);
        Assert.Equal("a, b", line.GetProperty("signals").GetString());
        Assert.Equal(10, line.EnumerateObject().Count());
    }

    [Fact]
    public void An_entry_is_one_line_even_with_an_exception_in_it()
    {
        _logger.Log(LogLevel.Error, default, "line\nbreak", new InvalidOperationException("also\nhere"), (state, _) => state);
        var text = System.Text.Encoding.UTF8.GetString(LogLine.Of(_sink.Events[0]).Span);
        Assert.DoesNotContain('\n', text);
        Assert.Equal(("error", "line\nbreak"), (Line().GetProperty("level").GetString(), Line().GetProperty("message").GetString()));
        Assert.Contains("also", Line().GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_in_values_exceptions_and_under_names_of_secrets_are_taken_out()
    {
        LogAsked(_logger, "https://a:b4d@example.org/?password=b4d", "b4d", new InvalidOperationException("Authorization: Bearer b4d"));
        var line = Line();
        Assert.DoesNotContain("b4d", line.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("[removed]", line.GetProperty("access_token").GetString());
    }

    [Fact]
    public void What_holds_braces_and_has_no_template_is_written_as_it_is()
    {
        _logger.Log(LogLevel.Information, default, "{not} a {{template}", null, (state, _) => state);
        Assert.Equal("{not} a {{template}", Line().GetProperty("message").GetString());
    }

    [Fact]
    public void The_trace_of_a_request_is_in_its_lines()
    {
        using var activity = new System.Diagnostics.Activity("test").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        LogAsked(_logger, "x", "y", null);
        Assert.Equal(activity.TraceId.ToHexString(), Line().GetProperty("trace_id").GetString());
    }

    private JsonElement Line() => JsonSerializer.Deserialize<JsonElement>(LogLine.Of(_sink.Events[^1]).Span);

    [LoggerMessage(1, LogLevel.Warning, "{SubjectName} tried {Times} times, {RiskScore:0.0}, {Enforced}, {Rule}, {Signals}.")]
    private static partial void LogLogin(Microsoft.Extensions.Logging.ILogger logger, string subjectName, int times, double riskScore, bool enforced, string? rule, string[] signals);

    [LoggerMessage(2, LogLevel.Warning, "Asked {Url} with {AccessToken}.")]
    private static partial void LogAsked(Microsoft.Extensions.Logging.ILogger logger, string url, string accessToken, Exception? failure);

    private sealed class RecordingSink : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
