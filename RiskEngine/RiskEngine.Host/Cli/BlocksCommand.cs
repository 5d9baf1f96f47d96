using System.CommandLine;
using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Cli;

/// <summary><c>blocks list|add|remove|import|export</c> and <c>allow list|add|remove</c>: the two lists that people keep.</summary>
internal static class BlocksCommand
{
    private static readonly string[] Columns = ["id", "scope", "value", "until", "origin", "enforced", "owner", "reason"];

    public static Command CreateBlocks()
    {
        var command = new Command("blocks", "Addresses, networks and subjects that are refused.");
        command.Add(List("List standing blocks.", "/api/v1/blocks"));
        command.Add(Add("Refuse an address, range, network, country, subject, session or pair.", "/api/v1/blocks", mayBePermanent: true));
        command.Add(Remove("Release what a block holds.", "/api/v1/blocks"));
        command.Add(Import());
        command.Add(Export());
        return command;
    }

    public static Command CreateAllow()
    {
        var command = new Command("allow", "Addresses that no block may hit, for a time.");
        command.Add(List("List the allow list.", "/api/v1/allowlist"));
        command.Add(Add("Let an address, range or network pass every block until a given end.", "/api/v1/allowlist", mayBePermanent: false));
        command.Add(Remove("End an allow entry.", "/api/v1/allowlist"));
        return command;
    }

    private static Command List(string description, string path)
    {
        var options = new ApiClient.Options();
        var command = new Command("list", description);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var items = await client.ListAsync(path, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(JsonSerializer.SerializeToElement(new { items }));
            else Answer.Table(items, Columns);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Add(string description, string path, bool mayBePermanent)
    {
        var options = new ApiClient.Options();
        var value = new Argument<string>("value") { Description = "What to match: 203.0.113.7, 198.51.100.0/24, AS64500, DE, a subject's id, subject@address." };
        var scope = new Option<string?>("--scope") { Description = "ip, range, asn, country, subject, session or pair; told from the value where it can be." };
        scope.AcceptOnlyFromAmong([.. BlockNames.AllScopes]);
        var duration = new Option<string?>("--for") { Description = "How long, as 4h or 7d." };
        var reason = new Option<string>("--reason") { Description = "Why; people read it later.", Required = true };
        var permanent = new Option<bool>("--permanent") { Description = "Without end." };
        var confirm = new Option<bool>("--confirm") { Description = "Also where it would hit your own address." };
        var command = new Command("add", description) { value, scope, duration, reason };
        if (mayBePermanent)
        {
            command.Add(permanent);
            command.Add(confirm);
        }

        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var text = parsed.GetValue(value)!;
            var body = new Dictionary<string, object?>
            {
                ["scope"] = parsed.GetValue(scope) ?? GuessScope(text),
                ["value"] = text,
                ["reason"] = parsed.GetValue(reason),
            };
            if (parsed.GetValue(duration) is { } span) body["duration"] = span;
            if (mayBePermanent && parsed.GetValue(permanent)) body["permanent"] = true;
            if (mayBePermanent && parsed.GetValue(confirm)) body["confirm"] = true;
            var answer = await client.SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body), cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else Answer.Table(JsonSerializer.SerializeToElement(new[] { answer }), Columns);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(string description, string path)
    {
        var options = new ApiClient.Options();
        var id = new Argument<long>("id") { Description = "The id that 'list' shows." };
        var command = new Command("remove", description) { id };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var answer = await client.SendAsync(HttpMethod.Delete, $"{path}/{parsed.GetValue(id)}", null, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else await Console.Out.WriteLineAsync(Told(parsed.GetValue(id), answer));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Told(long id, JsonElement? answer)
    {
        var failures = answer is { } told && told.TryGetProperty("forgotten_failures", out var count) ? count.GetDouble() : 0;
        var isPart = answer is { } said && said.TryGetProperty("complete", out var complete) && complete.ValueKind == JsonValueKind.False;
        var rest = isPart ? " So many accounts failed there that only those that failed last were looked at; the failures of the others fade." : "";
        return (failures > 0 ? $"{id} removed; {failures:0.##} failures forgotten, so that they block nobody again." : $"{id} removed.") + rest;
    }

    private static Command Export()
    {
        var options = new ApiClient.Options();
        var format = new Option<string>("--format") { Description = "plain, nginx, haproxy or json.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("plain", "nginx", "haproxy", "json");
        var command = new Command("export", "Print standing blocks for another program; json is what 'import' reads.") { format };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            if (parsed.GetValue(format) == "json") Answer.Json(JsonSerializer.SerializeToElement(new { items = await client.ListAsync("/api/v1/blocks", cancellation) }));
            else await Console.Out.WriteAsync(await client.TextAsync($"/api/v1/blocklist?format={parsed.GetValue(format)}", cancellation));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Import()
    {
        var options = new ApiClient.Options();
        var file = new Argument<string>("file") { Description = "What 'export --format json' wrote, or plain addresses and ranges one a line; - for standard input." };
        var duration = new Option<string>("--for") { Description = "How long, for entries that name no end.", DefaultValueFactory = _ => "4h" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be added, and add nothing." };
        var command = new Command("import", "Add blocks from a file; what stands already is replaced, faulty lines are told and skipped.") { file, duration, dryRun };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetValue(file)!;
            if (path != "-" && !File.Exists(path)) throw new CommandFailure(ExitCode.Usage, $"{path}: there is no such file.");
            var text = path == "-" ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(path, cancellation);
            var entries = BlockImport.Read(text, parsed.GetValue(duration)!);
            if (parsed.GetValue(dryRun))
            {
                foreach (var (line, body) in entries) await Console.Out.WriteLineAsync($"line {line}: {body}");
                await Console.Out.WriteLineAsync($"{entries.Count} would be added.");
                return ExitCode.Done;
            }

            using var client = options.Connect(parsed);
            var (added, refused) = (0, 0);
            foreach (var (line, body) in entries)
            {
                try
                {
                    await client.SendAsync(HttpMethod.Post, "/api/v1/blocks", body, cancellation);
                    added++;
                }
                catch (CommandFailure failure) when (failure.Code == ExitCode.Failed)
                {
                    refused++;
                    await Console.Error.WriteLineAsync($"{path}:{line}: {failure.Message}");
                }
            }

            await Console.Out.WriteLineAsync($"{added} added, {refused} refused.");
            return refused == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string GuessScope(string value)
    {
        if (value.Contains('/', StringComparison.Ordinal)) return BlockScope.Range.Name();
        if (IpAddress.TryParse(value, out _)) return BlockScope.Ip.Name();
        if (value.StartsWith("AS", StringComparison.OrdinalIgnoreCase) && value[2..].All(char.IsAsciiDigit) && value.Length > 2) return BlockScope.Asn.Name();
        throw new CommandFailure(ExitCode.Usage, $"'{value}' may mean several things; say which with --scope ({string.Join(", ", BlockNames.AllScopes)}).");
    }
}
