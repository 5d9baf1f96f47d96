using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace RiskEngine.Host.Cli;

/// <summary><c>explain EVENT_ID</c>: why a login scored as it did, and what it would have scored without each reason.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var options = new ApiClient.Options();
        var id = new Argument<string>("event-id") { Description = "The event." };
        var command = new Command("explain", "Tell why a login was judged as it was.") { id };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed);
            var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/assessments/{Uri.EscapeDataString(parsed.GetValue(id)!)}?explain=true", null, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else Print(answer!.Value);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(JsonElement assessment)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = 160;
        console.WriteLine($"{Text(assessment, "occurred_at")}  {Text(assessment, "subject")} from {Text(assessment, "source_ip")}");
        console.WriteLine($"score {assessment.GetProperty("risk_score").GetDouble():0.0} ({Text(assessment, "risk_level")}): {Text(assessment, "decision")}"
            + (assessment.GetProperty("enforced").GetBoolean() ? "" : ", not enforced") + (Text(assessment, "rule") is { Length: > 0 } rule ? $", by {rule}" : ""));
        var without = assessment.TryGetProperty("counterfactuals", out var list)
            ? list.EnumerateArray().ToDictionary(item => item.GetProperty("without").GetString()!, item => item.GetProperty("risk_score").GetDouble())
            : [];
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in (string[])["signal", "nats", "reason", "score without"]) table.AddColumn(new TableColumn(column).NoWrap());
        table.AddRow(new Text("(prior)"), new Text($"{assessment.GetProperty("prior").GetDouble():+0.00;-0.00}"), new Text("1 of 100 at the reference base rate"), new Text(""));
        foreach (var signal in assessment.GetProperty("signals").EnumerateArray())
        {
            var code = Text(signal, "code");
            table.AddRow(
                new Text(code), new Text($"{signal.GetProperty("contribution").GetDouble():+0.00;-0.00}"), new Text(Text(signal, "reason")),
                new Text(without.TryGetValue(code, out var score) ? $"{score:0.0}" : ""));
        }

        console.Write(table);
        if (assessment.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.Object)
            console.WriteLine($"{Text(label, "who")} called it {Text(label, "label")} at {Text(label, "at")}{(Text(label, "note") is { Length: > 0 } note ? $": {note}" : "")}");
        var degraded = string.Join(", ", assessment.GetProperty("degraded").EnumerateArray().Select(item => item.GetString()));
        if (degraded.Length > 0) console.WriteLine($"judged without: {degraded}");
        console.WriteLine($"policy {Text(assessment, "policy_version")}, model {Text(assessment, "model_version")}, facts {Text(assessment, "facts_version")}");
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
