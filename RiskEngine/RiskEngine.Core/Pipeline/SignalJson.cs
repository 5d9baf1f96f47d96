using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Pipeline;

/// <summary>Writes one signal of an assessment as an object, which is most of an assessment's text: of parts that are encoded once, in one piece.</summary>
/// <remarks>Pure; allocates only for a reason that JSON must escape. Safe for concurrent use on different writers.</remarks>
internal static class SignalJson
{
    /// <summary>The names of properties and the longest code, group and technique together; what one byte of a reason becomes at most.</summary>
    private const int RoomForParts = 256, LongestEscape = 6;

    /// <summary>What no encoder of JSON escapes, and reasons are made of.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,.:;/()%-_=#"u8);

    /// <summary>By code, what stands before the contribution and behind the reason.</summary>
    private static readonly (byte[] Before, byte[] Behind)[] Parts = [.. SignalCatalogue.All.Prepend(SignalCode.None.Describe()).Select(PartsOf)];

    /// <param name="reason">As <see cref="SignalReasons.Format(in SignalRecord, ReadOnlySpan{byte}, Span{byte})"/> writes it.</param>
    public static void Write(Utf8JsonWriter writer, SignalCode code, double contribution, ReadOnlySpan<byte> reason)
    {
        var (before, behind) = Parts[(int)code];
        var isPlain = !reason.ContainsAnyExcept(Plain);
        var json = isPlain ? stackalloc byte[RoomForParts + SignalReasons.MaximumLength] : new byte[RoomForParts + (reason.Length * LongestEscape)];
        before.CopyTo(json);
        var length = before.Length;
        length += DecimalText.Write(contribution, 6, json[length..]);
        length += Copy(",\"reason\":\""u8, json[length..]);
        length += isPlain ? Copy(reason, json[length..]) : Escape(reason, writer.Options.Encoder ?? JavaScriptEncoder.Default, json[length..]);
        length += Copy(behind, json[length..]);
        writer.WriteRawValue(json[..length], skipInputValidation: true);
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }

    private static int Escape(ReadOnlySpan<byte> text, JavaScriptEncoder encoder, Span<byte> to)
    {
        encoder.EncodeUtf8(text, to, out _, out var written);
        return written;
    }

    private static (byte[] Before, byte[] Behind) PartsOf(SignalDescription signal)
    {
        var attack = signal.Attack is { } technique ? $"\"{JsonEncodedText.Encode(technique)}\"" : "null";
        return (
            [.. "{\"code\":\""u8, .. JsonEncodedText.Encode(signal.Name).EncodedUtf8Bytes, .. "\",\"group\":\""u8, .. JsonEncodedText.Encode(signal.Group.Name()).EncodedUtf8Bytes, .. "\",\"contribution\":"u8],
            [.. "\",\"attack\":"u8, .. System.Text.Encoding.UTF8.GetBytes(attack), .. "}"u8]);
    }
}
