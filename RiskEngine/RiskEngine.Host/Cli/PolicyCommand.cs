using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;
using RiskEngine.Host.PolicyTesting;

namespace RiskEngine.Host.Cli;

/// <summary><c>policy check</c>, <c>policy test</c> and <see cref="BacktestCommand"/>: looks at a policy before it judges anybody.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Check a policy, test it by cases, and try it on stored assessments.") { CreateCheck(), CreateTest(), BacktestCommand.Create() };

    private static Command CreateCheck()
    {
        var file = new Argument<string?>("file") { Description = "The policy; that of the configuration where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var config = new Option<string?>("--config") { Description = "Configuration file, for policy.file and the names of feeds; riskengine.yaml in this folder where it is there." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check", "Tell everything that is wrong with a policy, each with file, line and column.") { file, config, json };
        command.SetAction(parsed => Check(parsed.GetValue(file), parsed.GetValue(config), parsed.GetValue(json)));
        return command;
    }

    private static Command CreateTest()
    {
        var file = new Argument<string>("file") { Description = "Cases in YAML, NAME.test.yaml for the policy NAME.yaml beside it." };
        var config = new Option<string?>("--config") { Description = "Configuration file, for detection and scoring; the defaults where none is named." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("test", "Judge cases by a policy and compare with what they expect.") { file, config, json };
        command.SetAction((parsed, _) => TestAsync(parsed.GetValue(file)!, parsed.GetValue(config), parsed.GetValue(json)));
        return command;
    }

    private static int Check(string? file, string? config, bool json)
    {
        var isConfigured = SettingsLoader.FileOf(config) is not null;
        var (settings, faults) = SettingsLoader.TryLoad(config);
        var path = file ?? settings?.Policy.File;
        var name = path ?? DefaultPolicyText.FileName;
        // Without a configuration nobody knows which feeds there will be.
        var feeds = isConfigured && settings is not null ? settings.Feeds.Select(feed => feed.Name).ToList() : null;
        if (settings is null && file is null) return Tell(name, null, faults, json);
        var (policy, wrong) = PolicyReader.Load(path, settings?.Policy.Mode, feeds);
        return Tell(name, policy, [.. faults, .. wrong], json);
    }

    private static int Tell(string file, Core.Policies.CompiledPolicy? policy, IReadOnlyList<ConfigurationFault> faults, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    ok = faults.Count == 0,
                    file,
                    policy_version = policy?.Version,
                    rules = policy?.Rules.Count,
                    steps = policy?.Cost,
                    worst_milliseconds = policy?.WorstTime.TotalMilliseconds,
                    faults = faults.Select(fault => new { file = fault.Source, line = fault.Line, column = fault.Column, key = fault.Key, message = fault.Message }),
                },
                Answer.Indented));
        }
        else if (faults.Count == 0)
        {
            Console.Out.WriteLine($"{file}: in order; {policy!.Rules.Count} rules, mode {policy.Mode.ToString().ToLowerInvariant()}, version {policy.Version}; a login takes at most {policy.Cost} steps, about {policy.WorstTime.TotalMilliseconds:0.000} ms");
        }

        foreach (var fault in json ? [] : faults) Console.Error.WriteLine(fault);
        return faults.Count == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static async Task<int> TestAsync(string file, string? config, bool json)
    {
        var settings = config is null ? new RiskEngineSettings() : SettingsLoader.Load(config);
        var (suite, faults) = PolicyTestReader.Load(file);
        if (suite is null) return Tell(file, null, faults, json);
        var results = await new PolicyTestRunner(suite, settings).RunAsync();
        var differing = results.Count(result => !result.IsAsExpected);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    ok = differing == 0,
                    file,
                    policy_version = suite.Policy.Version,
                    cases = results.Select(result => new
                    {
                        name = result.Name,
                        line = result.Line,
                        ok = result.IsAsExpected,
                        expected = new { decision = result.Expected.Decision.Name(), rule = result.Expected.Rule, enforced = result.Expected.Enforced },
                        got = new { decision = result.Got.Decision.Name(), rule = result.Got.Rule, enforced = result.Got.Enforced },
                    }),
                },
                Answer.Indented));
        }
        else
        {
            foreach (var result in results.Where(result => !result.IsAsExpected)) Differ(file, result);
            Console.Out.WriteLine($"{file}: {results.Count} cases, {(differing == 0 ? "all as expected" : $"{differing} not as expected")}");
        }

        return differing == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Differ(string file, TestedCase result)
    {
        Console.Out.WriteLine($"{file}:{result.Line}: {result.Name}");
        Line("decision", result.Expected.Decision.Name(), result.Got.Decision.Name());
        if (result.Expected.Rule is { } rule) Line("rule", rule, result.Got.Rule);
        if (result.Expected.Enforced is { } enforced) Line("enforced", Word(enforced), Word(result.Got.Enforced));

        static void Line(string what, string expected, string got) => Console.Out.WriteLine($"  {(expected == got ? ' ' : '≠')} {what,-9} expected {expected}, got {got}");

        static string Word(bool truth) => truth ? "true" : "false";
    }
}
