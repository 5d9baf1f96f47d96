using System.Diagnostics.Metrics;
using RiskEngine.Core.Models;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>Tells operators of periods of attack: a log line when one is found and when it ended, and which kinds go on now.</summary>
/// <remarks>
/// The engine judges by event time; whoever is on call lives by the clock. So a kind counts as active until five minutes after the last batch in which a
/// period of it was open: also where the attack came and went within one batch, and also where nothing comes after it that could end it. One thread at
/// a time tells it of batches, any thread asks.
/// </remarks>
internal sealed partial class AttackWatch : IPipelineObserver
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly ILogger<AttackWatch> _logger;
    private readonly TimeProvider _clock;
    private readonly long[] _lastActive = new long[AttackNames.All.Count];

    public AttackWatch(InstrumentSet instruments, ILogger<AttackWatch> logger, TimeProvider clock)
    {
        (_logger, _clock) = (logger, clock);
        Array.Fill(_lastActive, long.MinValue);
        instruments.Gauge(
            "riskengine_attack_active", "1 while the fleet as a whole is under attack of that kind: until five minutes after the last batch in which a period of it was open. failure_surge and new_address_surge are no attacks by themselves.",
            () => AttackNames.All.Select((name, kind) => new Measurement<double>(IsActive(kind) ? 1 : 0, new KeyValuePair<string, object?>("kind", name))));
    }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        foreach (var period in effects.AttackChanges) Log(period);
        if (effects.Attacks == AttackKinds.None) return;
        var now = _clock.GetUtcNow().UtcTicks;
        for (var kind = 0; kind < _lastActive.Length; kind++)
        {
            if ((effects.Attacks & ((AttackKind)kind).AsSet()) != AttackKinds.None) Volatile.Write(ref _lastActive[kind], now);
        }
    }

    private bool IsActive(int kind) => Volatile.Read(ref _lastActive[kind]) > _clock.GetUtcNow().UtcTicks - Memory.Ticks;

    private void Log(in AttackPeriod period)
    {
        if (!period.IsOpen) LogEnd(_logger, period.Kind.Name(), period.Phase.Name(), AttackAudit.Text(period));
        else if (period.Kind.IsAttack()) LogAttack(_logger, period.Kind.Name(), AttackAudit.Text(period));
        else LogSurge(_logger, period.Kind.Name(), AttackAudit.Text(period));
    }

    [LoggerMessage(1, LogLevel.Warning, "The fleet is under attack, {Kind}: {Found}. GET /api/v1/attacks tells how it goes on, riskengine incidents who is hit.")]
    private static partial void LogAttack(ILogger logger, string kind, string found);

    [LoggerMessage(2, LogLevel.Warning, "A {Kind}: {Found}. Honest people make such as well: see whether passwords ended or addresses changed.")]
    private static partial void LogSurge(ILogger logger, string kind, string found);

    [LoggerMessage(3, LogLevel.Information, "The {Kind} has {State}: {Found}.")]
    private static partial void LogEnd(ILogger logger, string kind, string state, string found);
}
