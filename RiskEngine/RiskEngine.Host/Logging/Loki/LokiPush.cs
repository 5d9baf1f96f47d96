using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Writes entries as Loki's push interface takes them (<c>POST /loki/api/v1/push</c>, JSON), compressed.</summary>
/// <remarks>Entries of a stream keep their order. Pure.</remarks>
internal static class LokiPush
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Body(ReadOnlySpan<LokiEntry> entries)
    {
        var plain = new ArrayBufferWriter<byte>(64 << 10);
        using (var json = new Utf8JsonWriter(plain, Options)) Write(json, entries);
        var packed = new MemoryStream(plain.WrittenCount / 6);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain.WrittenSpan);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<LokiEntry> entries)
    {
        json.WriteStartObject();
        json.WriteStartArray("streams");
        foreach (var labels in StreamsOf(entries))
        {
            json.WriteStartObject();
            json.WritePropertyName("stream");
            json.WriteRawValue(labels, skipInputValidation: true);
            json.WriteStartArray("values");
            foreach (ref readonly var entry in entries)
            {
                if (ReferenceEquals(entry.Labels, labels)) Write(json, entry);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, in LokiEntry entry)
    {
        json.WriteStartArray();
        json.WriteStringValue(entry.Nanoseconds.ToString(CultureInfo.InvariantCulture));
        json.WriteStringValue(entry.Line.Span);
        if (entry.Metadata.Length > 0)
        {
            json.WriteStartObject();
            foreach (var (name, value) in entry.Metadata) json.WriteString(name, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Those that entries belong to; a few, so that a list is looked through.</summary>
    private static List<byte[]> StreamsOf(ReadOnlySpan<LokiEntry> entries)
    {
        List<byte[]> streams = [];
        foreach (ref readonly var entry in entries)
        {
            var labels = entry.Labels;
            if (!streams.Exists(known => ReferenceEquals(known, labels))) streams.Add(labels);
        }

        return streams;
    }
}
