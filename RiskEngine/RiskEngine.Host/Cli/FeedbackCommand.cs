using System.CommandLine;
using System.Text.Json;

namespace RiskEngine.Host.Cli;

/// <summary><c>feedback EVENT_ID safe|compromised|dismissed</c>: what a person says of an assessment.</summary>
internal static class FeedbackCommand
{
    public static Command Create()
    {
        var options = new ApiClient.Options();
        var id = new Argument<string>("event-id") { Description = "The event." };
        var label = new Argument<string>("label") { Description = "safe, compromised or dismissed." };
        label.AcceptOnlyFromAmong("safe", "compromised", "dismissed");
        var note = new Option<string>("--note") { Description = "Why.", DefaultValueFactory = _ => "" };
        var command = new Command("feedback", "Say what an event really was.") { id, label, note };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var body = JsonSerializer.Serialize(new { event_id = parsed.GetValue(id), label = parsed.GetValue(label), note = parsed.GetValue(note) });
            var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/feedback", body, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else await Console.Out.WriteLineAsync($"{parsed.GetValue(id)}: noted as {parsed.GetValue(label)}.");
            return ExitCode.Done;
        });
        return command;
    }
}
