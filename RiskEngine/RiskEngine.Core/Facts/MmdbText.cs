using System.Text;
using System.Text.Json;

namespace RiskEngine.Core.Facts;

/// <summary>Shows a whole record as JSON, for people and for comparison with what others read. Not for the hot path.</summary>
/// <remarks>Numbers of 128 bits are written as numbers in full; bytes as an array of numbers, as MaxMind's own expected answers have them.</remarks>
public static class MmdbText
{
    /// <summary>Levels of nesting that are followed; real records have five.</summary>
    public const int MaximumDepth = 32;

    /// <summary>Writes the record at that offset; on a fault <paramref name="json"/> is empty.</summary>
    public static MmdbFault TryWrite(MmdbReader reader, int record, out string json)
    {
        json = "";
        using var memory = new MemoryStream();
        var decoder = new MmdbDecoder(reader.Data);
        using (var writer = new Utf8JsonWriter(memory, new JsonWriterOptions { SkipValidation = true }))
        {
            if (!Write(ref decoder, writer, record, 0, out _)) return decoder.Fault;
        }

        json = Encoding.UTF8.GetString(memory.ToArray());
        return MmdbFault.None;
    }

    private static bool Write(ref MmdbDecoder decoder, Utf8JsonWriter writer, int offset, int depth, out int next)
    {
        next = -1;
        if (depth > MaximumDepth) return decoder.Fail(MmdbFault.TooDeep);
        if (!decoder.TryRead(offset, out var field)) return false;
        next = field.Next;
        if (field.Type is not (MmdbType.Map or MmdbType.Array))
        {
            WriteScalar(decoder, writer, field);
            return true;
        }

        var isMap = field.Type == MmdbType.Map;
        if (isMap) writer.WriteStartObject();
        else writer.WriteStartArray();
        var at = field.Payload;
        for (var i = 0; i < field.Size; i++)
        {
            if (isMap)
            {
                if (!decoder.TryReadEntry(ref at, out var key, out _)) return false;
                writer.WritePropertyName(Encoding.UTF8.GetString(key));
            }

            if (!Write(ref decoder, writer, at, depth + 1, out at)) return false;
        }

        if (isMap) writer.WriteEndObject();
        else writer.WriteEndArray();
        if (next < 0) next = at;
        return true;
    }

    private static void WriteScalar(in MmdbDecoder decoder, Utf8JsonWriter writer, in MmdbField field)
    {
        switch (field.Type)
        {
            case MmdbType.String:
                writer.WriteStringValue(Encoding.UTF8.GetString(decoder.Bytes(field)));
                break;
            case MmdbType.Bytes:
                writer.WriteStartArray();
                foreach (var b in decoder.Bytes(field)) writer.WriteNumberValue(b);
                writer.WriteEndArray();
                break;
            case MmdbType.Boolean:
                writer.WriteBooleanValue(field.Size == 1);
                break;
            case MmdbType.Double or MmdbType.Float:
                var number = decoder.Number(field);
                if (!double.IsFinite(number)) writer.WriteNullValue();
                else if (field.Type == MmdbType.Float) writer.WriteNumberValue((float)number);
                else writer.WriteNumberValue(number);
                break;
            case MmdbType.Int32:
                writer.WriteNumberValue(decoder.Int32(field));
                break;
            default:
                writer.WriteRawValue(decoder.UInt128(field).ToString());
                break;
        }
    }
}
