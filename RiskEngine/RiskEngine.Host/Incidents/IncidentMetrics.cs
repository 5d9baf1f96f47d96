using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Incidents;

/// <summary>What is measured of incidents.</summary>
internal static class IncidentMetrics
{
    public static void Register(InstrumentSet instruments, IncidentWatch watch, TimeProvider clock)
    {
        instruments.Gauge("riskengine_incidents_open", "Incidents that go on.", () => watch.Read(book => Open(book, EventTime.From(clock.GetUtcNow()))));
        instruments.ReadCounter("riskengine_incidents_opened_total", "Incidents opened, those found again at the start among them.", () => [new(watch.Read(book => book.Opened))]);
        instruments.ReadCounter(
            "riskengine_incidents_closed_early_total", "Incidents closed before they were quiet, because too many were open.", () => [new(watch.Read(book => book.ClosedEarly))]);
        instruments.ReadCounter(
            "riskengine_incident_events_dropped_total", "Risky events that are in no incident, because too many came while stored ones were read.", () => [new(watch.Shed)]);
    }

    private static Measurement<double>[] Open(IncidentBook book, EventTime now)
    {
        var counts = new int[IncidentKinds.All.Count + 1];
        foreach (var incident in book.Open.Where(incident => book.IsOpen(incident, now))) counts[(int)incident.Kind]++;
        return [.. IncidentKinds.All.Select(kind => new Measurement<double>(counts[(int)kind], new KeyValuePair<string, object?>("kind", kind.Name())))];
    }
}
