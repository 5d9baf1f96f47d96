using RiskEngine.Host.Telemetry;
using Serilog.Core;
using Serilog.Events;

namespace RiskEngine.Host.Logging;

/// <summary>Writes each event as one line to standard output.</summary>
/// <remarks>Thread-safe. Whoever logs does not wait for whoever reads, see <see cref="LineQueue"/>.</remarks>
internal sealed class StandardOutputSink(LineQueue lines) : ILogEventSink
{
    public void Emit(LogEvent logEvent) => lines.Add([.. LogLine.Of(logEvent).Span, (byte)'\n']);
}
