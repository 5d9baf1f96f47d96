using System.Text.Json;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Api;

/// <summary>Cuts a body into records and has the format read each: one object, an array, or lines.</summary>
/// <remarks>
/// Records are spans of the body: nothing is copied and no document is built. Ids that are missing are derived from the content, the place and
/// <paramref name="seed"/>: with an <c>Idempotency-Key</c> the same for a repeated request, without one different for every request, so that nothing
/// is taken for a repeat that is none. A record is as long as a line of a file may be; only authentik's page of many is as long as a body.
/// </remarks>
/// <param name="seed">Ninety-six bits of it go into ids that are derived.</param>
internal readonly ref struct EventIntake(Workspace workspace, IEventFormat format, UInt128 seed, int keptFaults)
{
    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one JSON document: an object, or an array of them.</summary>
    public void ReadDocument(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(Bom)) body = body[Bom.Length..];
        var start = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0) workspace.AddFault(0, new Defect(DefectReason.InvalidJson, 0, "expected an object or an array"), keptFaults);
        else if (body[start] == '[') ReadArray(body);
        else ReadObject(body[start..]);
    }

    /// <summary>Reads lines; empty ones count as lines and as nothing else.</summary>
    public void ReadLines(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(Bom)) body = body[Bom.Length..];
        for (var line = 0; !body.IsEmpty; line++)
        {
            var end = body.IndexOf((byte)'\n');
            var record = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (record.EndsWith("\r"u8)) record = record[..^1];
            Read(record, line);
        }
    }

    /// <summary>Reads one event, or a page of them: then the elements of the page are counted as those of an array are.</summary>
    private void ReadObject(ReadOnlySpan<byte> record)
    {
        if (format != workspace.Authentik && IsTooLong(record, 0)) return;
        var parsed = format.Parse(record, PositionOf(0), workspace.Batch);
        if (parsed.Elements is null && parsed.IsFaulty) workspace.AddFault(0, parsed.Defect, keptFaults);
        var element = 0;
        for (var i = 0; i < parsed.Elements?.Count; i++)
        {
            var (index, _, defect) = parsed.Elements[i];
            while (element < index) workspace.Origins.Add(element++);
            workspace.AddFault(index, defect, keptFaults);
            element++;
        }

        workspace.AddUntold(parsed.MoreFaulty);
        while (workspace.Origins.Count < workspace.Batch.Count) workspace.Origins.Add(element++);
    }

    private void ReadArray(ReadOnlySpan<byte> body)
    {
        var index = 0;
        var reader = new Utf8JsonReader(body);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Read(body[start..(int)reader.BytesConsumed], index++);
            }

            // Anything behind the array makes the reader throw.
            reader.Read();
        }
        catch (JsonException)
        {
            var reason = reader.CurrentDepth >= 63 ? DefectReason.TooDeep : DefectReason.InvalidJson;
            workspace.AddFault(index, new Defect(reason, -1, $"not valid JSON at byte {reader.BytesConsumed} of the body or behind it"), keptFaults);
        }
    }

    private void Read(ReadOnlySpan<byte> record, int index)
    {
        if (IsTooLong(record, index)) return;
        var parsed = format.Parse(record, PositionOf(index), workspace.Batch);
        if (parsed.Elements is null && parsed.IsFaulty) workspace.AddFault(index, parsed.Defect, keptFaults);
        for (var i = 0; i < parsed.Elements?.Count; i++) workspace.AddFault(index, parsed.Elements[i].InRecord, keptFaults);
        workspace.AddUntold(parsed.MoreFaulty);
        for (var i = 0; i < parsed.Added; i++) workspace.Origins.Add(index);
    }

    private bool IsTooLong(ReadOnlySpan<byte> record, int index)
    {
        if (record.Length <= EventReader.LineLimit) return false;
        workspace.AddFault(index, new Defect(DefectReason.LineTooLong, -1, "longer than 1 MiB"), keptFaults);
        return true;
    }

    private SourcePosition PositionOf(int index) => new(0, (int)(uint)(seed >> 64), (long)(ulong)seed + index);
}
