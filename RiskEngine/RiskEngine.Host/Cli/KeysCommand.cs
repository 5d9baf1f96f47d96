using System.CommandLine;
using System.Text.Json;

namespace RiskEngine.Host.Cli;

/// <summary><c>keys list|create|revoke</c>: who may ask and tell.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Keys to the HTTP interface.") { List(), CreateKey(), Revoke() };

    private static Command List()
    {
        var options = new ApiClient.Options();
        var command = new Command("list", "List keys by name; secrets are not kept.");
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var answer = await client.SendAsync(HttpMethod.Get, "/api/v1/keys", null, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else Answer.Table(Answer.Items(answer), "name", "scopes", "created_at", "until");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateKey()
    {
        var options = new ApiClient.Options();
        var name = new Argument<string>("name") { Description = "A name to know it by." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do: evaluate, events:write, decisions:read, admin. May be given several times.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var duration = new Option<string>("--for") { Description = "How long it is good for, as 90d.", DefaultValueFactory = _ => "365d" };
        var command = new Command("create", "Create a key; it is shown once.") { name, scopes, duration };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var body = JsonSerializer.Serialize(new { name = parsed.GetValue(name), scopes = parsed.GetValue(scopes), duration = parsed.GetValue(duration) });
            var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/keys", body, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else await Console.Out.WriteLineAsync(answer!.Value.GetProperty("key").GetString());
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var options = new ApiClient.Options();
        var name = new Argument<string>("name") { Description = "The key's name." };
        var command = new Command("revoke", "End a key at once.") { name };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            await client.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{Uri.EscapeDataString(parsed.GetValue(name)!)}", null, cancellation);
            await Console.Out.WriteLineAsync($"{parsed.GetValue(name)} revoked.");
            return ExitCode.Done;
        });
        return command;
    }
}
