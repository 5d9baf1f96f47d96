using System.CommandLine;

namespace RiskEngine.Host.Cli;

/// <summary><c>outbox list|retry|drop</c>: what responders are still owed, and what was given up.</summary>
internal static class OutboxCommand
{
    private static readonly string[] Columns = ["id", "responder", "kind", "state", "created_at", "due_at", "attempts", "last_failure"];

    public static Command Create() => new("outbox", "What responders are still owed, and what was given up.")
    {
        List(),
        Change("retry", "Try an item again at once.", HttpMethod.Post, "/retry", "is tried again"),
        Change("drop", "Give an item up for good.", HttpMethod.Delete, "", "dropped"),
    };

    private static Command List()
    {
        var options = new ApiClient.Options();
        var responder = new Option<string?>("--responder") { Description = "Only what that one is owed." };
        var dead = new Option<bool>("--dead") { Description = "Only what was given up." };
        var command = new Command("list", "List it, oldest first, 200 at most.") { responder, dead };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var query = (parsed.GetValue(dead) ? "state=dead&" : "") + (parsed.GetValue(responder) is { } name ? $"responder={Uri.EscapeDataString(name)}" : "");
            var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/outbox?{query}", null, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else Answer.Table(Answer.Items(answer), Columns);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Change(string name, string description, HttpMethod method, string path, string said)
    {
        var options = new ApiClient.Options();
        var id = new Argument<long>("id") { Description = "The id that 'list' shows." };
        var command = new Command(name, description) { id };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            await client.SendAsync(method, $"/api/v1/outbox/{parsed.GetValue(id)}{path}", null, cancellation);
            await Console.Out.WriteLineAsync($"{parsed.GetValue(id)} {said}.");
            return ExitCode.Done;
        });
        return command;
    }
}
