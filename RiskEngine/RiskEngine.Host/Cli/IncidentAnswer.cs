using System.Globalization;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Replaying;
using Spectre.Console;

namespace RiskEngine.Host.Cli;

/// <summary>Prints incidents for people.</summary>
internal static class IncidentAnswer
{
    private const int Width = 200;

    /// <summary>Every incident of a book as its newest event sees it, the one that happened last first.</summary>
    public static IReadOnlyList<IncidentHead> Heads(IncidentBook book, IncidentNaming? naming = null) =>
        [.. book.InOrder().Select(incident => IncidentReporter.Head(incident, book.IsOpen(incident, book.Newest), naming ?? IncidentNaming.Clear))];

    public static void Table(TextWriter to, IReadOnlyList<IncidentHead> incidents)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in (string[])["incident", "severity", "state", "first seen", "last seen", "events"]) table.AddColumn(new TableColumn(column).NoWrap());
        table.AddColumn(new TableColumn("what"));
        foreach (var head in incidents)
            table.AddRow(new Text(head.Id), new Text(head.Severity), new Text(head.State), new Text(Time(head.FirstSeen)), new Text(Time(head.LastSeen)), new Text(head.Events.ToString(CultureInfo.InvariantCulture)), new Text(head.Title));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        if (to != Console.Out || Console.IsOutputRedirected) console.Profile.Width = Width;
        console.Write(table);
    }

    /// <summary>What a replay found: the incidents, and where events had labels how well they fit.</summary>
    public static void Tell(TextWriter to, ReplayedIncidents incidents, bool hasLabels)
    {
        to.WriteLine();
        Table(to, Heads(incidents.Book));
        if (!hasLabels) return;
        foreach (var line in incidents.Figures().ToTable()) to.WriteLine(line);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
