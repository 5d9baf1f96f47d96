using RiskEngine.Core.Events;
using RiskEngine.Host.Replaying;
using Spectre.Console;

namespace RiskEngine.Host.Demonstration;

/// <summary>The live table of the demo: what was seen, judged and blocked. On a terminal it rewrites itself; in a pipe it is a line now and then.</summary>
internal sealed class DemoScreen(ReplayStatistics statistics, LabelTap labels, Func<EventTime> now, Func<IEnumerable<Block>> blocks)
{
    private const int ShownBlocks = 8;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(10);

    /// <summary>Shows until the task is over, and once more then.</summary>
    public async Task ShowAsync(Task playing)
    {
        if (Console.IsOutputRedirected)
        {
            while (await Task.WhenAny(playing, Task.Delay(Line, TimeProvider.System)) != playing) WriteLine();
        }
        else
        {
            await AnsiConsole.Live(Table()).StartAsync(async live =>
            {
                while (await Task.WhenAny(playing, Task.Delay(Frame, TimeProvider.System)) != playing) live.UpdateTarget(Table());
                live.UpdateTarget(Table());
            });
        }

        WriteLine();
        await playing;
        foreach (var line in labels.Report().ToTable()) Console.Out.WriteLine(line);
        Console.Out.WriteLine();
        foreach (var line in labels.Attacks.Figures().ToTable()) Console.Out.WriteLine(line);
    }

    private void WriteLine() => Console.Out.WriteLine(
        $"{now()}  seen {statistics.Events}, judged {statistics.Judged}, challenged {statistics.Actions[(int)DecisionAction.Challenge]}, "
        + $"blocked {statistics.Actions[(int)DecisionAction.Block]}, standing blocks {blocks().Count()}");

    private Grid Table()
    {
        var counts = new Table { Border = TableBorder.Rounded, Title = new TableTitle($"simulated time {now().ToDateTimeOffset():ddd HH:mm}") };
        counts.AddColumns("seen", "judged", "allow", "notify", "challenge", "block");
        counts.AddRow(
            [$"{statistics.Events}", $"{statistics.Judged}", .. statistics.Actions.Select(count => count.ToString())]);

        var standing = new Table { Border = TableBorder.Rounded, Title = new TableTitle("newest blocks") };
        standing.AddColumns("what", "until", "why");
        foreach (var block in blocks().OrderByDescending(block => block.CreatedAt).Take(ShownBlocks))
            standing.AddRow(new Text($"{block.Scope.Name()} {block.Value}"), new Text($"{block.Until?.ToDateTimeOffset():ddd HH:mm}"), new Text(block.Reason));

        var signals = new Table { Border = TableBorder.Rounded, Title = new TableTitle("signals") };
        signals.AddColumns("signal", "seen");
        foreach (var signal in SignalCatalogue.All.OrderByDescending(signal => statistics.Signals[(int)signal.Code]).Take(ShownBlocks))
            signals.AddRow(signal.Name, statistics.Signals[(int)signal.Code].ToString());

        var grid = new Grid().AddColumn().AddColumn();
        grid.AddRow(counts);
        grid.AddRow(standing, signals);
        return grid;
    }
}
