using System.CommandLine;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.Policies;
using RiskEngine.Host.Api;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Cli;

/// <summary><c>incidents list|show|export</c>: related assessments put together, for people and for tickets.</summary>
internal static class IncidentsCommand
{
    public static Command Create()
    {
        var command = new Command("incidents", "Related assessments put together: what was done, from where, to whom, and what to do.");
        command.Add(List());
        command.Add(Show());
        command.Add(Export());
        return command;
    }

    /// <summary>An option that takes how far to look back.</summary>
    public static Option<string?> Since(string description)
    {
        var since = new Option<string?>("--since") { Description = description };
        since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } text) return;
            if (!Durations.TryParse(text, out var span, out var error)) result.AddError($"--since: {error}");
            else if (span <= TimeSpan.Zero) result.AddError("--since: expected more than nothing, such as 7d.");
        });
        return since;
    }

    public static TimeSpan? SpanOf(ParseResult parsed, Option<string?> since) => Durations.TryParse(parsed.GetValue(since) ?? "", out var span, out _) ? span : null;

    private static Command List()
    {
        var where = new Where();
        var open = new Option<bool>("--open") { Description = "Only those that go on." };
        var since = Since("How far to look back, such as 7d; everything that is kept where it is not given.");
        var command = new Command("list", "List incidents, the one that happened last first.") { open, since };
        where.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var source = where.Open(parsed, cancellation);
            var found = await source.ListAsync(parsed.GetValue(open), SpanOf(parsed, since), cancellation);
            if (parsed.GetValue(where.Client.Json)) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, ApiJson.Default.IReadOnlyListIncidentHead));
            else if (found.Count == 0) await Console.Out.WriteLineAsync("No incidents.");
            else IncidentAnswer.Table(Console.Out, found);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var where = new Where();
        var id = new Argument<string>("id") { Description = "The id that 'list' shows." };
        var command = new Command("show", "Tell one incident.") { id };
        where.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var source = where.Open(parsed, cancellation);
            var report = await source.TellAsync(parsed.GetValue(id)!, cancellation);
            await Console.Out.WriteAsync(parsed.GetValue(where.Client.Json) ? JsonSerializer.Serialize(report, ApiJson.Default.IncidentReport) + "\n" : IncidentMarkdown.Write(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Export()
    {
        var where = new Where();
        var id = new Argument<string?>("id") { Description = "The id that 'list' shows; all of them where it is left out.", Arity = ArgumentArity.ZeroOrOne };
        var format = new Option<string>("--format") { Description = "markdown, or json: one report a line.", DefaultValueFactory = _ => "markdown" };
        format.AcceptOnlyFromAmong("markdown", "json");
        var output = new Option<string>("--out") { Description = "Where to write: a file, or - for standard output.", DefaultValueFactory = _ => "-" };
        var open = new Option<bool>("--open") { Description = "Only those that go on." };
        var since = Since("How far to look back, such as 7d; everything that is kept where it is not given.");
        var command = new Command("export", "Write one incident, or all of them, as Markdown or JSON.") { id, format, output, open, since };
        where.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var source = where.Open(parsed, cancellation);
            string[] ids = parsed.GetValue(id) is { } one ? [one] : [.. (await source.ListAsync(parsed.GetValue(open), SpanOf(parsed, since), cancellation)).Select(head => head.Id)];
            await using var stream = OutputFile.Open(parsed.GetValue(output)!);
            await using var to = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            var isJson = parsed.GetValue(format) == "json";
            for (var i = 0; i < ids.Length; i++)
            {
                var report = await source.TellAsync(ids[i], cancellation);
                if (i > 0 && !isJson) await to.WriteAsync("\n---\n\n");
                await to.WriteAsync(isJson ? JsonSerializer.Serialize(report, ApiJson.Default.IncidentReport) + "\n" : IncidentMarkdown.Write(report));
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Options that say where incidents come from and how people are named.</summary>
    private sealed class Where
    {
        private readonly Option<string?> _state = new("--state") { Description = "The file of a store to read, also while a server uses it; without it the running program is asked." };
        private readonly Option<bool> _stored = new("--stored") { Description = "Read the configured store, also while servers use it, in the place of asking one of them." };
        private readonly Option<bool> _names = new("--names") { Description = "Name subjects in clear. Without, they are pseudonyms, unless log.pseudonymise is off." };

        public ApiClient.Options Client { get; } = new();

        public void AddTo(Command command)
        {
            command.Add(_state);
            command.Add(_stored);
            command.Add(_names);
            Client.AddTo(command);
        }

        public IIncidentSource Open(ParseResult parsed, CancellationToken cancellation)
        {
            var (state, names) = (parsed.GetValue(_state), parsed.GetValue(_names));
            if (state is null && !parsed.GetValue(_stored)) return new ServedIncidents(Client.Connect(parsed), names);
            var settings = SettingsLoader.Load(parsed.GetValue(Client.Config));
            using var logins = Stores.OpenLogins(settings, state);
            return StoredIncidents.Read(logins, settings, names, cancellation);
        }
    }
}
