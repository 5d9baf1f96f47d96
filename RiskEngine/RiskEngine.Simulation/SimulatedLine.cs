using RiskEngine.Core.Events;

namespace RiskEngine.Simulation;

/// <summary>One simulated event.</summary>
/// <param name="OccurredAt">When it happens, for playing it in real time.</param>
/// <param name="Json">Canonical JSON in UTF-8 without a line end. The bytes hold until the next line is pulled: copy what must stay.</param>
public readonly record struct SimulatedLine(EventTime OccurredAt, ReadOnlyMemory<byte> Json);
