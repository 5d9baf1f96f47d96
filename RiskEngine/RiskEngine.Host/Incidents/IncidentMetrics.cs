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
        instruments.Gauge("riskengine_incidents_open", "Incidents that go on: risky events that belong together.", () => watch.Read(book => Open(book, EventTime.From(clock.GetUtcNow()))));
        instruments.ReadCounter("riskengine_incidents_opened_total", "Incidents opened, those found again at the start and those that became a part of another one among them.", () => [new(watch.Read(book => book.Opened))]);
        instruments.ReadCounter(
            "riskengine_incidents_closed_early_total", "Incidents closed before they were quiet, because more than incidents.maximum_open were open.", () => [new(watch.Read(book => book.ClosedEarly))]);
        instruments.ReadCounter(
            "riskengine_incident_events_dropped_total", "Risky events that are in no incident, because more than 100,000 came while the stored ones were read at the start; after the next start they are in.", () => [new(watch.Shed)]);
    }

    private static Measurement<double>[] Open(IncidentBook book, EventTime now)
    {
        var counts = new int[IncidentKinds.All.Count + 1];
        foreach (var incident in book.Open.Where(incident => book.IsOpen(incident, now))) counts[(int)incident.Kind]++;
        return [.. IncidentKinds.All.Select(kind => new Measurement<double>(counts[(int)kind], new KeyValuePair<string, object?>("kind", kind.Name())))];
    }
}
