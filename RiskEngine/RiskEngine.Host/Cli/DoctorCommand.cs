using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Host.Cli;

/// <summary><c>doctor</c>: looks at everything a deployment stands on and says what is wrong and what to do about it.</summary>
internal static class DoctorCommand
{
    private const int ChallengeDays = 30;

    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var bundle = new Option<string?>("--bundle") { Description = "Write the findings and the metrics, without secrets, to this file for a report." };
        var command = new Command("doctor", "Look at configuration, files of facts, store and the running program.") { config, json, bundle };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(config), parsed.GetValue(json), parsed.GetValue(bundle), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? config, bool json, string? bundle, CancellationToken cancellation)
    {
        var (settings, faults) = SettingsLoader.TryLoad(config);
        List<Finding> findings = [.. faults.Select(fault => new Finding(false, "configuration", fault.ToString()))];
        var metrics = "";
        if (settings is not null)
        {
            findings.Add(new Finding(true, "configuration", $"{SettingsLoader.FileOf(config) ?? "defaults"} is in order"));
            findings.AddRange(settings.Footguns().Select(footgun => new Finding(false, "configuration", footgun)));
            findings.AddRange(LookAtEngine(settings));
            findings.AddRange(KafkaFindings.Look(settings.Kafka));
            (var program, metrics) = await LookAtProgramAsync(settings, cancellation);
            findings.Add(program);
            if (settings.Store.Kind == StoreKind.Shared)
                findings.AddRange((await SharedStoreCheck.LookAsync(Stores.SharedSettings(settings, mayLead: false), TimeProvider.System, cancellation)).Select(found => new Finding(found.IsGood, found.What, found.Detail)));
            if (program.Ok) findings.AddRange(await LookAtChallengesAsync(settings, cancellation));
            else if (settings.Store.Kind != StoreKind.Shared) findings.AddRange(LookAtStore(settings));
        }

        if (bundle is not null)
        {
            var content = new { findings, metrics, version = typeof(DoctorCommand).Assembly.GetName().Version?.ToString(), runtime = Environment.Version.ToString(), cores = Environment.ProcessorCount };
            await File.WriteAllTextAsync(bundle, JsonSerializer.Serialize(content), cancellation);
        }

        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(findings, JsonSerializerOptions.Web));
        else foreach (var finding in findings) Console.Out.WriteLine($"{(finding.Ok ? "ok  " : "look")}  {finding.What}: {finding.Detail}");
        return settings is null ? ExitCode.Usage : findings.TrueForAll(finding => finding.Ok) ? ExitCode.Done : ExitCode.Failed;
    }

    private static IEnumerable<Finding> LookAtEngine(RiskEngineSettings settings)
    {
        List<Finding> findings = [];
        using var facts = EngineParts.LoadFacts(settings, _ => { });
        foreach (var file in facts.Current.Files) findings.Add(new Finding(file.Reason is null, "facts", file.ToString()));
        foreach (var kind in EngineParts.FilesOf(settings).NotConfigured) findings.Add(new Finding(true, "facts", $"no {kind} data is configured: signals that need it stay silent"));
        var (engine, faults) = EngineParts.TryBuild(settings, facts.Snapshot, new KeyedHash(new byte[16]), seen: [], out _);
        findings.AddRange(faults.Select(fault => new Finding(false, "policy", fault.ToString())));
        if (engine is not null) findings.Add(new Finding(true, "policy", $"version {engine.Snapshot.Policy.Version}, {engine.Snapshot.Policy.Rules.Count} rules, mode {engine.Snapshot.Policy.Mode.ToString().ToLowerInvariant()}"));
        return findings;
    }

    private static async Task<(Finding Finding, string Metrics)> LookAtProgramAsync(RiskEngineSettings settings, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = settings.Http.Url, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync("/health/ready", cancellation);
            var metrics = await http.GetStringAsync("/metrics", cancellation);
            return (new Finding(answer.IsSuccessStatusCode, "program", $"{settings.Http.Url} answers {(int)answer.StatusCode}"), metrics);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return (new Finding(false, "program", $"{settings.Http.Url} does not answer; start it with 'riskengine serve'"), "");
        }
    }

    /// <summary>How many honest logins were challenged, as the running program counts.</summary>
    private static async Task<IEnumerable<Finding>> LookAtChallengesAsync(RiskEngineSettings settings, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = settings.Http.Url, Timeout = TimeSpan.FromSeconds(5) };
            http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(settings.Http.AdminKeyFile, cancellation)).Trim());
            var report = JsonSerializer.Deserialize(await http.GetStringAsync($"/api/v1/challenges?days={ChallengeDays}", cancellation), ApiJson.Default.ChallengeReport);
            return [new Finding(true, "challenges", $"{report}")];
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException or UnauthorizedAccessException or JsonException)
        {
            return [new Finding(true, "challenges", $"cannot be looked at: {failure.Message}")];
        }
    }

    private static IEnumerable<Finding> LookAtStore(RiskEngineSettings settings)
    {
        if (!File.Exists(settings.Store.Path)) return [new Finding(true, "store", $"{settings.Store.Path} is not there yet; it is made at the first start")];
        try
        {
            var store = Stores.OpenFile(settings.Store.Path, settings);
            var statistics = store.Records.StatisticsAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var day = EventTime.From(TimeProvider.System.GetUtcNow()).UnixDays - ChallengeDays + 1;
            var challenges = ChallengeReport.Of(store.Records.Challenges.CountAsync(day, CancellationToken.None).AsTask().GetAwaiter().GetResult(), day);
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return
            [
                new Finding(true, "store", $"{settings.Store.Path}: {statistics.Events} events, {statistics.Subjects} subjects, {statistics.SizeBytes / 1e6:0.0} MB"),
                new Finding(true, "challenges", challenges.ToString()),
            ];
        }
        catch (StateStoreException failure)
        {
            return [new Finding(false, "store", failure.Message)];
        }
    }
}
