using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Api;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Host.Replaying;

/// <summary>Tells what a replay came to: as text for people, as one JSON object for programs.</summary>
internal static class ReplaySummary
{
    public static void Write(TextWriter to, ReplayStatistics statistics, RefereeReport? report, TimeSpan elapsed)
    {
        var rate = elapsed.TotalSeconds > 0 ? statistics.Events / elapsed.TotalSeconds : 0;
        to.WriteLine($"{statistics.Events} events, {statistics.Judged} judged, {statistics.RejectedCount} records rejected, {statistics.Duplicates} duplicates, "
            + $"{statistics.TooOld} too old; {elapsed.TotalSeconds:0.0} s, {rate:0} events/s");
        to.WriteLine($"levels     {Counts(statistics.Levels, i => ((RiskLevel)i).Name())}");
        to.WriteLine($"decisions  {Counts(statistics.Actions, i => ((DecisionAction)i).Name())}; {statistics.BlocksMade} blocks made");
        foreach (var (reason, count) in statistics.Rejected) to.WriteLine($"rejected   {count} x {reason}");
        if (report is null) return;
        to.WriteLine();
        foreach (var line in report.ToTable()) to.WriteLine(line);
    }

    public static void WriteJson(Stream to, ReplayStatistics statistics, RefereeReport? report, TimeSpan elapsed, IReadOnlyList<IncidentHead>? incidents = null)
    {
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("events", statistics.Events);
        json.WriteNumber("judged", statistics.Judged);
        json.WriteNumber("duplicates", statistics.Duplicates);
        json.WriteNumber("too_old", statistics.TooOld);
        json.WriteNumber("blocks_made", statistics.BlocksMade);
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        Write(json, "levels", statistics.Levels, i => ((RiskLevel)i).Name());
        Write(json, "decisions", statistics.Actions, i => ((DecisionAction)i).Name());
        Write(json, "signals", statistics.Signals, i => ((SignalCode)i).Describe().Name);
        json.WriteStartObject("rejected");
        foreach (var (reason, count) in statistics.Rejected) json.WriteNumber(reason, count);
        json.WriteEndObject();
        if (report is not null)
        {
            json.WritePropertyName("referee");
            report.WriteTo(json);
        }

        if (incidents is not null)
        {
            json.WritePropertyName("incidents");
            JsonSerializer.Serialize(json, incidents, ApiJson.Default.IReadOnlyListIncidentHead);
        }

        json.WriteEndObject();
        json.Flush();
        to.WriteByte((byte)'\n');
    }

    private static string Counts(long[] counts, Func<int, string> name) => string.Join(", ", counts.Select((count, index) => $"{name(index)} {count}"));

    private static void Write(Utf8JsonWriter json, string property, long[] counts, Func<int, string> name)
    {
        json.WriteStartObject(property);
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0 || counts.Length < 8) json.WriteNumber(name(i), counts[i]);
        }

        json.WriteEndObject();
    }
}
