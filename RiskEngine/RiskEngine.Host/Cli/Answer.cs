using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace RiskEngine.Host.Cli;

/// <summary>Prints answers of the interface: as a table for people, as JSON for programs.</summary>
internal static class Answer
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Json(JsonElement? answer) => Console.Out.WriteLine(answer is { } value ? JsonSerializer.Serialize(value, Indented) : "{}");

    /// <summary>A table of the named properties of each item.</summary>
    public static void Table(JsonElement items, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns) table.AddColumn(new TableColumn(column.Replace('_', ' ')).NoWrap());
        foreach (var item in items.EnumerateArray()) table.AddRow([.. columns.Select(column => new Text(Cell(item, column)))]);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = 200;
        console.Write(table);
    }

    /// <summary>The array in an answer that is either an array or an object with <c>items</c>.</summary>
    public static JsonElement Items(JsonElement? answer) =>
        answer is not { } value ? JsonSerializer.SerializeToElement(Array.Empty<int>()) : value.ValueKind == JsonValueKind.Array ? value : value.GetProperty("items");

    private static string Cell(JsonElement item, string name) => !item.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(entry => entry.ToString())),
        _ => value.ToString(),
    };
}
