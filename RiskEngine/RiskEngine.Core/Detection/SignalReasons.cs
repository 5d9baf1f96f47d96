using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

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
        return Format(signal.Code, signal.A, signal.B, signal.C, utf8);
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

    private static int Format(SignalCode code, double a, double b, double c, Span<byte> to) => code switch
    {
        SignalCode.AddressReputation => Put(to, $"{b:F0} failure{S(b)}, {c:F0} success{Es(c)} from this address"),
        SignalCode.NetworkReputation => Put(to, $"{b:F0} failure{S(b)}, {c:F0} success{Es(c)} from its neighbours"),
        SignalCode.PairReputation => Put(to, $"{b:F0} failure{S(b)}, {c:F0} success{Es(c)} of this subject from this address"),
        SignalCode.FeedHit => Put(to, $"on {Feeds(a)} feed{S(Feeds(a))}"),
        SignalCode.TorExit => FormatNetwork("Tor exit", a, to),
        SignalCode.VpnNetwork => FormatNetwork("VPN", a, to),
        SignalCode.DataCentreNetwork => FormatNetwork("data centre", a, to),
        SignalCode.KnownDevice when a == 1 => Put(to, $"known to the source"),
        SignalCode.KnownDevice => Put(to, $"same {(a == 2 ? "device" : a == 3 ? "user agent" : "platform")} in {b:F0} login{S(b)}"),
        SignalCode.NewDevice when a == 4 => Put(to, $"not known to the source"),
        SignalCode.NewDevice => Put(to, $"new {(a == 1 ? "platform" : a == 2 ? "browser" : a == 3 ? "device id" : "version of the browser")} after {b:F0} login{S(b)}"),
        SignalCode.KnownAddress => Put(to, $"same {(a == 1 ? "address" : a == 2 ? "network" : "autonomous system")} in {b:F0} login{S(b)}"),
        SignalCode.NewAddress when b < 7200 => Put(to, $"new address {b / 60:F0} min after the last of {a:F0} login{S(a)}"),
        SignalCode.NewAddress => Put(to, $"new address {b / (b < 172_800 ? 3600 : 86_400):F0} {(b < 172_800 ? "h" : "days")} after the last of {a:F0} login{S(a)}"),
        SignalCode.NewAsn => Put(to, $"new AS{a:F0} after {b:F0} login{S(b)}"),
        SignalCode.NewCountry => Put(to, $"new country {(char)((int)a >> 8)}{(char)((int)a & 0xFF)} after {b:F0} login{S(b)}"),
        SignalCode.ImpossibleTravel => Put(to, $"{a:F0} km in {b:F1} h"),
        SignalCode.BruteForce => Put(to, $"{a:F0} failure{S(a)} from this address, {b:F0} from elsewhere"),
        SignalCode.DistributedBruteForce => Put(to, $"{a:F0} addresses failed on this subject"),
        SignalCode.PasswordSpray => Put(to, $"{a:F0} names failed from this address"),
        SignalCode.NetworkSpray => Put(to, $"{a:F0} names failed from its {(c == 1 ? "network" : "autonomous system")}"),
        SignalCode.CredentialStuffing => Put(to, $"{a:F0}% of {b:F0} failures from {Place(c)} on unknown names"),
        SignalCode.SuccessAfterFailures when b == 2 => Put(to, $"after {a:F0} names failed from this address"),
        SignalCode.SuccessAfterFailures => Put(to, $"after {a:F0} failures from {(b == 1 ? "this address" : "elsewhere")}"),
        SignalCode.AutomatedUserAgent => Put(to, $"{(a == 1 ? "bot" : "program")} by its user agent"),
        SignalCode.UnusualHour => Put(to, $"{a:F0} of {b:F0} logins at about this time of day"),
        SignalCode.MfaFatigue => Put(to, $"{a:F0} second factors failed lately"),
        SignalCode.DormantAccount when b == 1 => Put(to, $"never used since it was made {a:F0} days ago"),
        SignalCode.DormantAccount => Put(to, $"unused for {a:F0} days"),
        SignalCode.StolenSession => Put(to, $"session began {b:F0} h ago {(a == 1 ? "on another device in another network" : a == 2 ? "on another device" : "in another country")}"),
        SignalCode.TokenNewNetwork => Put(to, $"no token used from AS{a:F0} before"),
        SignalCode.ServiceAccountNewNetwork => Put(to, $"service account in a new network after {a:F0} login{S(a)}"),
        SignalCode.HoneyAccount => Put(to, $"an account that nobody uses"),
        SignalCode.ReactivatedAccount => Put(to, $"reactivated {a:F0} h ago"),
        SignalCode.Impersonation => Put(to, $"impersonation from an unfamiliar device after {a:F0} login{S(a)}"),
        SignalCode.FactorAfterRiskyLogin => Put(to, $"new factor {a:F1} h after a login that scored {b:F0}"),
        SignalCode.PasswordAfterRiskyLogin => Put(to, $"new password {a:F1} h after a login that scored {b:F0}"),
        SignalCode.ImpossibleUserAgent => Put(to, $"user agent contradicts itself: {Contradiction(a)}"),
        SignalCode.UnusualApplication => Put(to, $"new application after {a:F0} login{S(a)}"),
        SignalCode.PhishingResistantFactor => Put(to, $"confirmed with a factor that cannot be relayed"),
        SignalCode.ConfirmedCompromise => Put(to, $"called compromised by a person, {a:F0} h ago"),
        SignalCode.LookAlike => Put(to, $"new account named like a {(b == 1 ? "service account" : "person")} known {a:F0} day{S(a)} longer"),
        SignalCode.FleetAttack => Put(to, $"{a:F0} name{S(a)} failed from {Place(b)} in an attack on the fleet"),
        SignalCode.RareFirstNetwork => Put(to, $"first login from AS{a:F0}, as rare here as networks of {b:F1}% of first logins"),
        _ => Put(to, $"no reason known"),
    };

    private static int FormatNetwork(string kind, double before, Span<byte> to) => before == 0
        ? Put(to, $"{kind}, never used before")
        : Put(to, $"{kind}, used in {before:F0} login{S(before)} before");

    private static int Put(Span<byte> to, [InterpolatedStringHandlerArgument(nameof(to))] ref ReasonText text) => text.Length;

    private static string S(double count) => Math.Round(count) == 1 ? "" : "s";

    private static string Es(double count) => Math.Round(count) == 1 ? "" : "es";

    private static int Feeds(double bits) => BitOperations.PopCount((ulong)bits);

    private static string Contradiction(double what) => (UserAgentContradiction)what switch
    {
        UserAgentContradiction.Systems => "two operating systems",
        UserAgentContradiction.BrowserOnSystem => "this browser never ran on this system",
        _ => "a version that does not exist",
    };

    private static string Place(double what) => what switch { 1 => "this address", 2 => "its network", _ => "its autonomous system" };
}
