using RiskEngine.Core.Events;

namespace RiskEngine.Simulation.People;

/// <summary>A session that outlives its login: a browser left open, to which somebody comes back from wherever they are.</summary>
internal sealed record OpenSession(UInt128 Id, Device Device, string Application, EventTime Opened, EventTime Ends);
