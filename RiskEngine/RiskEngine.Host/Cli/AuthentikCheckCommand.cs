using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Authentik;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Doctor;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Cli;

/// <summary><c>authentik check</c>: looks at a live authentik through its API, changes nothing, and says what to mend.</summary>
internal static class AuthentikCheckCommand
{
    private const int LargestAnswer = 8 * 1024 * 1024;

    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; says where authentik is, where the token lies, and what is done there." };
        var url = new Option<string?>("--url") { Description = "Address of authentik; the default is authentik.url, or sources.authentik.url." };
        var token = new Option<string?>("--token-file") { Description = "File with the key of a token to look with, such as an administrator's; the default is RiskEngine's own (authentik.token_file, or sources.authentik.token_file)." };
        var flow = new Option<string>("--flow") { Description = "Slug of the flow that people sign in with.", DefaultValueFactory = _ => DefaultFlow };
        var switches = new Option<string[]>("--switch") { Description = "A switch of the blueprint that was turned on, so that the right it grants is no finding; may be given several times." };
        switches.AcceptOnlyFromAmong([.. RightsCheck.Switches.Values]);
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check", "Look at a live authentik, read-only, and say what to mend.") { config, url, token, flow, switches, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = SettingsLoader.Load(parsed.GetValue(config));
            var (address, key) = Target(settings, parsed.GetValue(url), parsed.GetValue(token));
            var scope = new AuthentikCheckScope
            {
                Flow = parsed.GetValue(flow)!,
                IsExaminer = parsed.GetValue(token) is not null,
                IsPolling = settings.Sources.Authentik.Url is not null,
                IsPollingSessions = settings.Sources.Authentik is { Url: not null, Sessions: true },
                NeededSwitches = [.. NeededBy(settings.Responders.Authentik)],
                Switches = parsed.GetValue(switches) ?? [],
            };
            var insecure = settings.Authentik.AllowInsecureUrl || settings.Sources.Authentik.AllowInsecureUrl;
            using var http = new OutboundClient(new OutboundTarget { Rules = settings.Outbound, AllowInsecure = insecure, BodyLimit = LargestAnswer }, TimeProvider.System);
            var findings = await new AuthentikCheck(new AuthentikApi(http, address, key), scope).RunAsync(cancellation);
            Finding.Print(findings.Select(found => new Finding(found.Ok, found.What, found.Detail)), parsed.GetValue(json));
            return findings.All(finding => finding.Ok) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string DefaultFlow => JsonSerializer.Deserialize<string>(BlueprintText.Embedded.Context.First(pair => pair.Key == "flow").Value)!;

    /// <summary>The switches of the blueprint that grant what the responder does.</summary>
    private static IEnumerable<string> NeededBy(AuthentikResponderSettings acts)
    {
        if (!acts.Enabled) yield break;
        if (acts.EndSessions != SessionEnding.None) yield return "end_sessions";
        if (acts.Deactivate) yield return "deactivate_users";
        if (acts.ForgetReputation) yield return "delete_reputation";
        if (acts.SuspiciousRequest) yield return "add_events";
    }

    private static (Uri Address, string Key) Target(RiskEngineSettings settings, string? url, string? file)
    {
        var source = settings.Sources.Authentik;
        var text = url ?? settings.Authentik.Url?.ToString() ?? source.Url?.ToString()
            ?? throw new CommandFailure(ExitCode.Usage, "Where is authentik? Give --url, or authentik.url or sources.authentik.url in the configuration.");
        if (!BlueprintText.TryUrl(text, out var address, out var fault)) throw new CommandFailure(ExitCode.Usage, $"--url: {fault}");
        var named = file ?? settings.Authentik.TokenFile ?? source.TokenFile;
        var key = named is not null ? TokenFile.Read(named) : TokenFile.Clean(source.Token);
        return key is null ? throw new CommandFailure(ExitCode.Usage, $"{named ?? "the token"}: cannot be read or is no token. Name a file with the key of a token with intent \"API\" (--token-file).") : (new Uri(address), key);
    }
}
