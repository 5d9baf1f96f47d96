using System.CommandLine;
using RiskEngine.Configuration;
using RiskEngine.Core.Policies;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Cli;

/// <summary><c>policy backtest</c>: what a policy would have decided about the assessments in a store.</summary>
internal static class BacktestCommand
{
    private sealed record Arguments(string? Policy, string? State, TimeSpan? Since, string? Config, bool Json);

    public static Command Create()
    {
        var policy = new Option<string?>("--policy") { Description = "The policy to try; that of the configuration where none is named." };
        var state = new Option<string?>("--state") { Description = "The file of a store to look into, also while a server uses it; the configured store where none is named." };
        var since = new Option<string?>("--since") { Description = "How far to look back from the newest event, such as 7d; everything that is kept where it is not given." };
        since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } text) return;
            if (!Durations.TryParse(text, out var span, out var error)) result.AddError($"--since: {error}");
            else if (span <= TimeSpan.Zero) result.AddError("--since: expected more than nothing, such as 7d.");
        });
        var config = new Option<string?>("--config") { Description = "Configuration file, for the store, policy.file and policy.mode; riskengine.yaml in this folder where it is there." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("backtest", "Tell what a policy would have decided about stored assessments, and whom it would have hit.") { policy, state, since, config, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            new Arguments(
                parsed.GetValue(policy), parsed.GetValue(state), Durations.TryParse(parsed.GetValue(since) ?? "", out var span, out _) ? span : null, parsed.GetValue(config), parsed.GetValue(json)),
            cancellation)));
        return command;
    }

    private static int Run(Arguments arguments, CancellationToken cancellation)
    {
        var settings = SettingsLoader.Load(arguments.Config);
        var tried = Load(arguments.Policy ?? settings.Policy.File, arguments.Policy is null ? settings.Policy.Mode : null);
        // The policy in use tells which blocks were narrowed; without it the backtest knows less, and goes on.
        var (current, _) = PolicyReader.Load(settings.Policy.File, settings.Policy.Mode, null);
        using var logins = Stores.OpenLogins(settings, arguments.State);
        var backtest = new PolicyBacktest(tried, current);
        logins.Read(arguments.Since is { } since ? logins.Newest - since : null, backtest.Add, cancellation);
        var report = backtest.Finish();
        if (arguments.Json) BacktestAnswer.Json(report, logins.Damaged);
        else BacktestAnswer.Tables(report, logins.Damaged);
        return ExitCode.Done;
    }

    private static CompiledPolicy Load(string? path, PolicyMode? mode)
    {
        var (policy, faults) = PolicyReader.Load(path, mode, null);
        return policy ?? throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
    }
}
