using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Authentik;

/// <summary>One row of a page: where it lies, and what is needed to order it and to tell it again.</summary>
/// <param name="Json">The row as it was sent; good until the next page is read.</param>
/// <param name="Key">Its <c>pk</c>, or <c>uuid</c>; empty where it has none.</param>
/// <param name="Time">When it was made; the default value where it does not say.</param>
public readonly record struct AuthentikRow(ReadOnlyMemory<byte> Json, string Key, EventTime Time);

/// <summary>One page of authentik's API: rows in the order they came, and what the envelope says.</summary>
/// <param name="Next">Number of the next page; 0 where this is the last.</param>
/// <param name="Count">Rows of all pages together.</param>
/// <param name="TotalPages">Pages that there are.</param>
public sealed record AuthentikPage(IReadOnlyList<AuthentikRow> Rows, int Next, long Count, int TotalPages)
{
    /// <summary>Rows on the pages behind this one, as far as it says: 0 where it is the last, otherwise 1 or more.</summary>
    /// <remarks>By the rows that it has: authentik may give fewer than were asked for.</remarks>
    /// <param name="number">Which page this is, from 1.</param>
    public long Behind(int number) => Next == 0 ? 0 : Math.Max(1, Count - ((long)number * Rows.Count));

    /// <summary>Reads an answer; false where it is no page, whole.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out AuthentikPage? page)
    {
        page = null;
        List<AuthentikRow>? rows = null;
        (int Next, long Count, int TotalPages)? envelope = null;
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isRows, isEnvelope) = (reader.ValueTextEquals("results"u8), reader.ValueTextEquals("pagination"u8));
                reader.Read();
                if (isRows && reader.TokenType == JsonTokenType.StartArray) rows = ReadRows(ref reader, body);
                else if (isEnvelope && reader.TokenType == JsonTokenType.StartObject) envelope = ReadEnvelope(ref reader);
                else reader.Skip();
            }

            reader.Read();
        }
        catch (Exception broken) when (JsonFault.IsExpected(broken))
        {
            return false;
        }

        if (rows is null || envelope is not var (next, count, total)) return false;
        page = new AuthentikPage(rows, next, count, total);
        return true;
    }

    private static List<AuthentikRow> ReadRows(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        List<AuthentikRow> rows = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var (key, time) = ("", default(EventTime));
            if (reader.TokenType == JsonTokenType.StartObject) ReadRow(ref reader, ref key, ref time);
            else reader.Skip();
            rows.Add(new AuthentikRow(body[start..(int)reader.BytesConsumed], key, time));
        }

        return rows;
    }

    private static void ReadRow(ref Utf8JsonReader reader, ref string key, ref EventTime time)
    {
        Span<byte> room = stackalloc byte[64];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = reader.ValueTextEquals("pk"u8) || reader.ValueTextEquals("uuid"u8);
            var isTime = reader.ValueTextEquals("created"u8) || reader.ValueTextEquals("last_used"u8);
            reader.Read();
            if (isKey && reader.TokenType == JsonTokenType.String) key = reader.GetString() ?? "";
            if (isTime && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= room.Length
                && TimeText.TryParseIso(room[..reader.CopyString(room)], out var read)) time = read;
            reader.Skip();
        }
    }

    private static (int Next, long Count, int TotalPages) ReadEnvelope(ref Utf8JsonReader reader)
    {
        double next = 0, count = 0, total = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isNext, isCount, isTotal) = (reader.ValueTextEquals("next"u8), reader.ValueTextEquals("count"u8), reader.ValueTextEquals("total_pages"u8));
            reader.Read();
            // The API declares them as numbers, and whole ones are all it sends.
            var value = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? Math.Clamp(number, 0, int.MaxValue) : 0;
            if (isNext) next = value;
            else if (isCount) count = value;
            else if (isTotal) total = value;
            reader.Skip();
        }

        return ((int)next, (long)count, (int)total);
    }
}
