using System.CommandLine;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Cli;

/// <summary><c>keys list|create|rotate|rotate-hashes|revoke</c>: who may ask and tell.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Keys to the HTTP interface.") { List(), CreateKey(), Rotate(), RotateHashesCommand.Create(), Revoke() };

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
            Description = $"What it may do: {string.Join(", ", KeyScopeNames.All)}. May be given several times.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong([.. KeyScopeNames.All]);
        var duration = new Option<string>("--for") { Description = "How long it is good for, as 90d.", DefaultValueFactory = _ => "365d" };
        var state = new Option<string?>("--state") { Description = "File of a store to write to while nothing serves it: the way back in when the last administrator's key is lost." };
        var inStore = new Option<bool>("--in-store") { Description = "Write to the configured store itself instead of asking a server: the same way back in. Replicas may serve it and take the key within a minute; an embedded store must not be served." };
        var command = new Command("create", "Create a key; it is shown once.") { name, scopes, duration, state, inStore };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(state) is not null || parsed.GetValue(inStore))
                return await CreateInStoreAsync(parsed.GetValue(state), parsed.GetValue(options.Config), parsed.GetValue(name)!, parsed.GetValue(scopes)!, parsed.GetValue(duration)!, cancellation);
            using var client = options.Connect(parsed);
            var body = JsonSerializer.Serialize(new { name = parsed.GetValue(name), scopes = parsed.GetValue(scopes), duration = parsed.GetValue(duration) });
            var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/keys", body, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else await Console.Out.WriteLineAsync(answer!.Value.GetProperty("key").GetString());
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> CreateInStoreAsync(string? file, string? config, string name, string[] scopes, string duration, CancellationToken cancellation)
    {
        if (file is not null && !File.Exists(file)) throw new CommandFailure(ExitCode.Usage, $"--state: {file} is not there.");
        if (!Durations.TryParse(duration, out var time, out var wrong)) throw new CommandFailure(ExitCode.Usage, $"--for: {wrong}");
        if (!KeyScopeNames.TryParse(scopes, out _)) throw new CommandFailure(ExitCode.Usage, $"--scope: expected some of {string.Join(", ", KeyScopeNames.All)}.");
        var settings = SettingsLoader.Load(config);
        await using var store = file is null ? await Stores.OpenAsync(settings, ServeRoles.None, cancellation) : Stores.OpenFile(file, settings);
        var (secret, now) = (KeySecret.Create(), EventTime.From(TimeProvider.System.GetUtcNow()));
        var audit = new AuditEntry(0, now, "system", "key.create", name, "created in the store itself");
        if (!await store.Records.TryAddKeyAsync(new ApiKey(name, KeySecret.Hash(secret), scopes, now, now + time), audit, cancellation)) throw new CommandFailure(ExitCode.Failed, $"There is a key called {name} already; take another name.");
        await Console.Out.WriteLineAsync(secret);
        return ExitCode.Done;
    }

    private static Command Rotate()
    {
        var options = new ApiClient.Options();
        var name = new Argument<string>("name") { Description = "The key's name." };
        var overlap = new Option<string>("--overlap") { Description = "How long the old secret goes on working, 0s to 7d.", DefaultValueFactory = _ => "24h" };
        var command = new Command("rotate", "Give a key a new secret, shown once; the old one goes on working for a time, as NAME.old.") { name, overlap };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var body = JsonSerializer.Serialize(new { overlap = parsed.GetValue(overlap) });
            var answer = await client.SendAsync(HttpMethod.Post, $"/api/v1/keys/{Uri.EscapeDataString(parsed.GetValue(name)!)}/rotate", body, cancellation);
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
