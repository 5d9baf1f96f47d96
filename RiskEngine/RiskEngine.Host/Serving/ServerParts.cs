using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Telemetry;
using RiskEngine.Storage;

namespace RiskEngine.Host.Serving;

/// <summary>What the server serves: built, and disposed of after the server has stopped, by whoever starts it.</summary>
public sealed record ServerParts
{
    public required JudgeLoop Judge { get; init; }

    /// <summary>Gets where events go in the place of <see cref="Judge"/>: a process with it collects and answers nothing. Null for the judge.</summary>
    public IEventSink? Sink { get; init; }

    /// <summary>Gets where events go.</summary>
    internal IEventSink Intake => Sink ?? Judge;

    /// <summary>Gets the sizes that <see cref="Judge"/> was built with.</summary>
    public PipelineSettings Pipeline { get; init; } = new();

    public required IStateStore State { get; init; }

    /// <summary>Gets the records beside the hot path; the same store as <see cref="State"/>.</summary>
    public required IRecordStore Records { get; init; }

    public required EngineReference Engine { get; init; }

    /// <summary>Gets what formats know beside the bytes.</summary>
    public required FormatContext Formats { get; init; }

    /// <summary>Gets the observers of the pipeline. Its <see cref="EngineTelemetry.Observers"/> are to be given to <see cref="Judge"/>.</summary>
    public required EngineTelemetry Telemetry { get; init; }

    /// <summary>Gets what the store says of itself, for readiness; null where it says nothing.</summary>
    public StoreMeter? Meter { get; init; }

    /// <summary>Gets what responders want to hear of, for the acts of people; the judge has them of its snapshot.</summary>
    public IReadOnlyList<IOutboxSubscription> Subscriptions { get; init; } = [];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets whether the webhook may tell of failures of names that do not exist while authentik is polled, which no poll confirms. The default is false.</summary>
    public bool WebhookUnknownNames { get; init; }

    /// <summary>Gets where administrators were seen; null where nobody notes it.</summary>
    internal OperatorAddresses? Operators { get; init; }

    /// <summary>Gets the facts that are in force now, for explanations and metrics.</summary>
    internal FactSnapshot Facts => Engine.Current.Snapshot.Facts;

    /// <summary>What reads the webhook's events: while authentik is polled only those that the poll confirms.</summary>
    internal IEventFormat WebhookFormat() => Telemetry.Hints is null ? new AuthentikFormat(Formats) : new ConfirmableFormat(new AuthentikFormat(Formats), WebhookUnknownNames);
}
