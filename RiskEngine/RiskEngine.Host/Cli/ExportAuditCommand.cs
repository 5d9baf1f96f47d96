using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Host.Cli;

/// <summary><c>export audit</c>: the audit as JSON lines, and whether it is as it was written.</summary>
/// <remarks>Reads the store itself, also while servers use it, so that what is checked does not answer for itself.</remarks>
internal static class ExportAuditCommand
{
    private sealed record Arguments(string? Config, string? State, EventTime? Since, string? Out, bool Verify, string? Head);

    public static Command Create()
    {
        var since = new Option<string?>("--since") { Description = "Records from that time on, as 2026-11-01 or 2026-11-01T12:00:00Z; all that are kept where it is not given. The check always looks at all." };
        since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && TimeOf(text) is null) result.AddError("--since: expected a time such as 2026-11-01 or 2026-11-01T12:00:00Z.");
        });
        var output = new Option<string?>("--out") { Description = "File for the JSON lines, - for standard output; standard output where --verify is not given." };
        var verify = new Option<bool>("--verify") { Description = "Check the chain of hashes. Exit code 0 where it is whole, 4 where it is not; the first bad record is named on standard error." };
        var head = new Option<string?>("--head") { Description = "A head that was written down earlier, as the log has it every hour: the chain has to come by it. Means --verify." };
        head.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && (text.Length != 64 || !text.All(char.IsAsciiHexDigit))) result.AddError("--head: expected 64 hexadecimal digits.");
        });
        var state = new Option<string?>("--state") { Description = "The file of a store to read, also while a server uses it; the configured store where none is named." };
        var config = new Option<string?>("--config") { Description = "Configuration file, for the store; riskengine.yaml in this folder where it is there." };
        var command = new Command("audit", "Write the audit as JSON lines, oldest first, or check that it is as it was written.") { since, output, verify, head, state, config };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            new Arguments(
                parsed.GetValue(config), parsed.GetValue(state), TimeOf(parsed.GetValue(since)), parsed.GetValue(output), parsed.GetValue(verify) || parsed.GetValue(head) is not null, parsed.GetValue(head)),
            cancellation)));
        return command;
    }

    private static int Run(Arguments arguments, CancellationToken cancellation)
    {
        using var audit = Stores.OpenAudit(arguments.Config, arguments.State);
        var path = arguments.Out ?? (arguments.Verify ? null : "-");
        AuditVerdict verdict;
        if (path is null)
        {
            verdict = audit.Read(arguments.Head, _ => { }, cancellation);
        }
        else
        {
            using var output = OutputFile.Open(path);
            using var json = new Utf8JsonWriter(output);
            verdict = audit.Read(arguments.Head, record => Write(output, json, record, arguments.Since), cancellation);
        }

        if (!arguments.Verify) return ExitCode.Done;
        Console.Error.WriteLine(verdict.IsWhole
            ? $"whole: {verdict.Records} records, head {verdict.Head.Hash} (record {verdict.Head.Number})"
            : $"broken at record {verdict.FirstBad}: {verdict.Fault}");
        return verdict.IsWhole ? ExitCode.Done : ExitCode.Broken;
    }

    private static EventTime? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? EventTime.From(time) : null;

    /// <summary>One line: what people read, and under <c>key</c>, <c>content</c> and <c>hash</c> what the chain is made of.</summary>
    private static void Write(Stream output, Utf8JsonWriter json, AuditRecord record, EventTime? since)
    {
        var entry = record.Entry;
        if (entry.At < since) return;
        json.Reset(output);
        json.WriteStartObject();
        json.WriteNumber("id", entry.Id);
        json.WriteString("at", entry.At.ToString());
        json.WriteString("who", entry.Who);
        json.WriteString("what", entry.What);
        json.WriteString("target", entry.Target);
        json.WriteString("detail", entry.Detail);
        json.WriteBoolean("erased", record.IsErased);
        json.WriteNumber("at_ms", entry.At.UnixMilliseconds);
        json.WriteNumber("key", record.KeyId);
        json.WriteBase64String("content", record.Content.Span);
        json.WriteString("hash", record.Hash);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
