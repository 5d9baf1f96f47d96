using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Security;

/// <summary>What is logged of refused callers: never the key, and no more lines than somebody would read.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class SecurityLog(ILogger<SecurityLog> logger, PersonalText personal, TimeProvider clock)
{
    private readonly TokenBucket _lines = new(perSecond: 1, burst: 20, clock);

    public void Refused(string reason, string address, int status)
    {
        if (_lines.TryTake(out _)) LogRefused(logger, reason, personal.Address(address), status);
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused a request from {SourceIp}: {Reason}, answered {Status}.")]
    private static partial void LogRefused(ILogger logger, string reason, string sourceIp, int status);
}
