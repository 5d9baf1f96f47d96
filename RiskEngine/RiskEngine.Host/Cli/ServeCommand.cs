using System.CommandLine;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Host.CrowdSec;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Cli;

/// <summary><c>serve</c>: takes events, answers questions, keeps state, until told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; riskengine.yaml in this folder where it is there." };
        var roles = new Option<string?>("--roles") { Description = $"What this process does: {RoleList.Names}. A collector alone writes events to Kafka, an engine judges what is there; all of it in one process where left out." };
        var command = new Command("serve", "Run the engine and its HTTP interface.") { config, roles };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(config), RoleList.Read(parsed.GetValue(roles)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? config, ServeRoles roles, CancellationToken cancellation)
    {
        var settings = StartCheck.LoadToServe(config, roles);
        using var loggers = new JsonLogging(settings.Log, LokiLogs.Of(settings));
        if (settings.Kafka.IsOn && KafkaSource.LookAtTopics(settings.Kafka, roles, loggers.CreateLogger<KafkaSource>()) is { Count: > 0 } faults)
            throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults.Select(fault => $"kafka: {fault}")));
        var store = await Stores.OpenAsync(settings, roles, cancellation);
        await using var engine = RunningEngine.Start(config, settings, store, [.. LokiLogs.Assessments(loggers.Loki, settings, store)], loggers, roles);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] running = [.. Collected(settings, engine, roles, loggers, stop.Token), .. Judged(settings, engine, roles, loggers, stop.Token), .. LokiLogs.Audit(loggers.Loki, settings, store, loggers).Select(audit => audit.RunAsync(stop.Token))];
        var code = await Server.RunAsync(ServerSettings.From(settings), engine.Parts, loggers, null, cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return code;
    }

    /// <summary>What brings events in.</summary>
    private static IEnumerable<Task> Collected(RiskEngineSettings settings, RunningEngine engine, ServeRoles roles, ILoggerFactory loggers, CancellationToken stop) => !roles.HasFlag(ServeRoles.Collector) ? [] :
    [
        .. settings.Sources.File.Select(file => new FileSource(file, engine, loggers.CreateLogger<FileSource>()).RunAsync(stop)),
        .. settings.Sources.Syslog.Select(syslog => new SyslogSource(syslog, engine, loggers.CreateLogger<SyslogSource>()).RunAsync(stop)),
        .. AuthentikSource.Of(settings, engine, loggers).Select(source => source.RunAsync(stop)),
    ];

    /// <summary>What judges, acts and tells.</summary>
    private static IEnumerable<Task> Judged(RiskEngineSettings settings, RunningEngine engine, ServeRoles roles, ILoggerFactory loggers, CancellationToken stop) => !roles.HasFlag(ServeRoles.Engine) ? [] :
    [
        engine.Responders.RunAsync(stop),
        .. KafkaSource.Of(engine, roles, loggers).Select(source => source.RunAsync(stop)),
        .. AlertmanagerPager.Of(settings, engine, loggers).Select(pager => pager.RunAsync(stop)),
        .. LapiFeed.Of(settings, engine.Telemetry, loggers).Select(feed => feed.RunAsync(stop)),
    ];
}
