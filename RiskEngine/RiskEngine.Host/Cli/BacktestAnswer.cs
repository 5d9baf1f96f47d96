using System.Globalization;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using Spectre.Console;

namespace RiskEngine.Host.Cli;

/// <summary>Prints what a backtest found: tables for people, JSON for programs.</summary>
internal static class BacktestAnswer
{
    private static readonly DecisionAction[] Actions = Enum.GetValues<DecisionAction>();

    public static void Json(BacktestReport report, long damaged) => Console.Out.WriteLine(JsonSerializer.Serialize(
        new
        {
            policy_version = report.PolicyVersion,
            first = report.First?.ToString(),
            last = report.Last?.ToString(),
            assessments = report.Events,
            changed = report.Changed,
            undecidable = report.Undecidable,
            damaged,
            decisions = Actions.ToDictionary(
                before => before.Name(), before => Actions.Select(after => (DecisionAction?)after).Append(null).ToDictionary(after => after?.Name() ?? "undecidable", after => report[before, after])),
            standing_blocks = new { assessments = report.UnderStandingBlocks, blocked_by_rule = report.StandingBlockedByRule },
            newly_challenged = Hit(report.NewlyChallenged),
            newly_blocked = Hit(report.NewlyBlocked),
            honest_successes = new { assessments = report.HonestSuccesses, hit = report.HonestHit, examples = report.HonestExamples },
            rules = report.Rules.Select(rule => new
            {
                name = rule.Name,
                then = rule.Then.Name(),
                hits = rule.Hits,
                changed = rule.Changed,
                honest_hit = rule.HonestHit,
                undecidable = rule.Undecidable,
                missing = rule.MissingFields,
                examples = rule.Examples,
            }),
        },
        Answer.Indented));

    public static void Tables(BacktestReport report, long damaged)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = 200;
        var span = report.First is { } first ? $", {first} to {report.Last}" : "";
        Line($"Policy {report.PolicyVersion} over {Number(report.Events)} assessments{span}: {Number(report.Changed)} decided otherwise, {Number(report.Undecidable)} undecidable.");
        if (damaged > 0) Line($"{Number(damaged)} stored events are damaged and were passed over.");

        Table decisions = Headed("decided", [.. Actions.Select(action => action.Name()), "undecidable"]);
        foreach (var before in Actions)
            decisions.AddRow([before.Name(), .. Actions.Select(after => Number(report[before, after])), Number(report[before, null])]);
        console.Write(decisions);
        if (report.UnderStandingBlocks > 0)
            Line($"{Number(report.UnderStandingBlocks)} more were decided by a standing block and stand apart; rules of this policy would block {Number(report.StandingBlockedByRule)} of them by themselves.");

        Table rules = Headed("rule", ["then", "hits", "changed", "honest hit", "undecidable", "not stored"]);
        foreach (var rule in report.Rules)
            rules.AddRow(rule.Name, rule.Then.Name(), Number(rule.Hits), Number(rule.Changed), Number(rule.HonestHit), Number(rule.Undecidable), string.Join(", ", rule.MissingFields));
        console.Write(rules);

        Line(Told("Newly challenged", report.NewlyChallenged));
        Line(Told("Newly blocked, at most", report.NewlyBlocked));
        Line($"Sign-ins that worked and scored below medium: {Number(report.HonestSuccesses)}, of which newly challenged or blocked: {Number(report.HonestHit)}.");
        if (report.HonestExamples.Count > 0) Line($"  such as {string.Join(", ", report.HonestExamples.Take(5))}");
        foreach (var rule in report.Rules.Where(rule => rule.Examples.Count > 0)) Line($"Changed by {rule.Name}, such as {string.Join(", ", rule.Examples)}");
    }

    private static object Hit(HitSubjects hit) => new { assessments = hit.Events, subjects = hit.Subjects, established_subjects = hit.Established };

    private static string Told(string what, HitSubjects hit) => $"{what}: {Number(hit.Events)} assessments of {Number(hit.Subjects)} subjects, {Number(hit.Established)} of them established.";

    private static Table Headed(string first, IEnumerable<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(first).NoWrap());
        foreach (var column in columns) table.AddColumn(new TableColumn(column));
        return table;
    }

    private static void Line(string text) => Console.Out.WriteLine(text);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
