using System.CommandLine;
using System.Globalization;
using RiskEngine.Simulation;

namespace RiskEngine.Host.Cli;

/// <summary><c>simulate</c>: writes believable traffic with labelled attacks in it, the same bytes for the same arguments.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var users = new Option<int>("--users") { Description = "People with an account.", DefaultValueFactory = _ => 500 };
        var days = new Option<int>("--days") { Description = "Days to simulate.", DefaultValueFactory = _ => 7 };
        var seed = new Option<long>("--seed") { Description = "What all chance is drawn from.", DefaultValueFactory = _ => 1 };
        var attacks = new Option<string>("--attacks")
        {
            Description = $"Attacks to mix in: all, none, or a list of {string.Join(", ", SimulationSettings.AllAttacks)}.",
            DefaultValueFactory = _ => "all",
        };
        var start = new Option<string?>("--start") { Description = "First day, as 2026-01-05. The default is fixed, so that results repeat." };
        var output = new Option<string>("--out") { Description = "File to write, or - for standard output.", DefaultValueFactory = _ => "-" };
        var command = new Command("simulate", "Write simulated login events as canonical JSON lines.") { users, days, seed, attacks, start, output };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new SimulationSettings
            {
                Users = parsed.GetValue(users),
                Days = parsed.GetValue(days),
                Seed = parsed.GetValue(seed),
                Attacks = SimulationSettings.ParseAttacks(parsed.GetValue(attacks)!),
            };
            if (parsed.GetValue(start) is { } text)
            {
                if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var first))
                    throw new CommandFailure(ExitCode.Usage, $"--start: '{text}' is no date; give one as 2026-01-05.");
                settings = settings with { Start = first };
            }

            return Task.FromResult(Run(settings, parsed.GetValue(output)!, cancellation));
        });
        return command;
    }

    private static int Run(SimulationSettings settings, string output, CancellationToken cancellation)
    {
        var faults = settings.Faults();
        if (faults.Count > 0) throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults.Select(fault => $"--{fault}")));
        using var stream = OutputFile.Open(output);
        try
        {
            new SimulatedTraffic(settings).WriteTo(stream, cancellation);
            stream.Flush();
            return ExitCode.Done;
        }
        catch (IOException) when (output == "-")
        {
            // The reader has seen enough and closed the pipe.
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Failed;
        }
    }
}
