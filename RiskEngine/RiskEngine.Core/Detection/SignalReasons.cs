using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>Puts a signal's reason into words: short English made of its numbers, without subject, address or anything else personal.</summary>
/// <remarks>The one place that fixes what the three numbers of each signal mean. Pure and thread-safe; the span and writer forms allocate nothing.</remarks>
public static class SignalReasons
{
    /// <summary>Room in bytes that every reason fits in; longer details are cut.</summary>
    public const int MaximumLength = 512;

    /// <summary>Writes a reason as UTF-8 and returns its length in bytes.</summary>
    /// <param name="signal">A signal with its numbers.</param>
    /// <param name="detail">What numbers cannot say, the names of feeds (<see cref="FeedHitDetail"/>); mostly empty.</param>
    /// <param name="utf8">At least <see cref="MaximumLength"/> bytes.</param>
    public static int Format(in SignalRecord signal, ReadOnlySpan<byte> detail, Span<byte> utf8)
    {
        if (!detail.IsEmpty) return Copy(detail, utf8);
        TryFormat(signal.Code, signal.A, signal.B, signal.C, utf8, out var written);
        return written;
    }

    /// <summary>Writes a reason as UTF-8.</summary>
    public static void Write(in SignalRecord signal, ReadOnlySpan<byte> detail, IBufferWriter<byte> writer) =>
        writer.Advance(Format(signal, detail, writer.GetSpan(MaximumLength)));

    /// <summary>A reason for people and rare paths.</summary>
    public static string Text(in SignalRecord signal, string detail = "")
    {
        Span<byte> utf8 = stackalloc byte[MaximumLength];
        return Encoding.UTF8.GetString(utf8[..Format(signal, Encoding.UTF8.GetBytes(detail), utf8)]);
    }

    private static int Copy(ReadOnlySpan<byte> detail, Span<byte> utf8)
    {
        var length = Math.Min(detail.Length, MaximumLength);
        while (length < detail.Length && length > 0 && (detail[length] & 0xC0) == 0x80) length--;
        detail[..length].CopyTo(utf8);
        return length;
    }

    private static bool TryFormat(SignalCode code, double a, double b, double c, Span<byte> to, out int written) => code switch
    {
        SignalCode.AddressReputation => Utf8.TryWrite(to, $"{b:F0} failure{S(b)}, {c:F0} success{Es(c)} from this address", out written),
        SignalCode.NetworkReputation => Utf8.TryWrite(to, $"{b:F0} failure{S(b)}, {c:F0} success{Es(c)} from its neighbours", out written),
        SignalCode.PairReputation => Utf8.TryWrite(to, $"{b:F0} failure{S(b)}, {c:F0} success{Es(c)} of this subject from this address", out written),
        SignalCode.FeedHit => Utf8.TryWrite(to, $"on {Feeds(a)} feed{S(Feeds(a))}", out written),
        SignalCode.TorExit => TryFormatNetwork("Tor exit", a, to, out written),
        SignalCode.VpnNetwork => TryFormatNetwork("VPN", a, to, out written),
        SignalCode.DataCentreNetwork => TryFormatNetwork("data centre", a, to, out written),
        SignalCode.KnownDevice when a == 1 => Utf8.TryWrite(to, $"known to the source", out written),
        SignalCode.KnownDevice => Utf8.TryWrite(to, $"same {(a == 2 ? "device" : "user agent")} in {b:F0} login{S(b)}", out written),
        SignalCode.NewDevice when a == 4 => Utf8.TryWrite(to, $"not known to the source", out written),
        SignalCode.NewDevice => Utf8.TryWrite(to, $"new {(a == 1 ? "platform" : a == 2 ? "browser" : "device id")} after {b:F0} login{S(b)}", out written),
        SignalCode.KnownAddress => Utf8.TryWrite(to, $"same {(a == 1 ? "address" : "network")} in {b:F0} login{S(b)}", out written),
        SignalCode.NewAddress => Utf8.TryWrite(to, $"new address after {a:F0} login{S(a)}", out written),
        SignalCode.NewAsn => Utf8.TryWrite(to, $"new AS{a:F0} after {b:F0} login{S(b)}", out written),
        SignalCode.NewCountry => Utf8.TryWrite(to, $"new country {(char)((int)a >> 8)}{(char)((int)a & 0xFF)} after {b:F0} login{S(b)}", out written),
        SignalCode.ImpossibleTravel => Utf8.TryWrite(to, $"{a:F0} km in {b:F1} h", out written),
        SignalCode.BruteForce => Utf8.TryWrite(to, $"{a:F0} failure{S(a)} from this address, {b:F0} from elsewhere", out written),
        SignalCode.DistributedBruteForce => Utf8.TryWrite(to, $"{a:F0} addresses failed on this subject", out written),
        SignalCode.PasswordSpray => Utf8.TryWrite(to, $"{a:F0} names failed from this address", out written),
        SignalCode.NetworkSpray => Utf8.TryWrite(to, $"{a:F0} names failed from its {(c == 1 ? "network" : "autonomous system")}", out written),
        SignalCode.CredentialStuffing => Utf8.TryWrite(to, $"{a:F0}% of {b:F0} failures from {Place(c)} on unknown names", out written),
        SignalCode.SuccessAfterFailures when b == 2 => Utf8.TryWrite(to, $"after {a:F0} names failed from this address", out written),
        SignalCode.SuccessAfterFailures => Utf8.TryWrite(to, $"after {a:F0} failures from {(b == 1 ? "this address" : "elsewhere")}", out written),
        SignalCode.AutomatedUserAgent => Utf8.TryWrite(to, $"{(a == 1 ? "bot" : "program")} by its user agent", out written),
        _ => Utf8.TryWrite(to, $"no reason known", out written),
    };

    private static bool TryFormatNetwork(string kind, double before, Span<byte> to, out int written) => before == 0
        ? Utf8.TryWrite(to, $"{kind}, never used before", out written)
        : Utf8.TryWrite(to, $"{kind}, used in {before:F0} login{S(before)} before", out written);

    private static string S(double count) => Math.Round(count) == 1 ? "" : "s";

    private static string Es(double count) => Math.Round(count) == 1 ? "" : "es";

    private static int Feeds(double bits) => BitOperations.PopCount((ulong)bits);

    private static string Place(double what) => what switch { 1 => "this address", 2 => "its network", _ => "its autonomous system" };
}
