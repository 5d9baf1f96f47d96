using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Policies;

/// <summary>Reads fields of a login. Allocates nothing.</summary>
internal static class FieldReader
{
    private const double SecondsADay = 86_400;

    private static readonly byte[] DefaultTenant = [.. "default"u8];

    /// <summary>The value of a field that is no list; false where nothing is known of it.</summary>
    public static bool TryRead(FieldId field, scoped ref Frame frame, out Value value)
    {
        ref readonly var login = ref frame.Login.Event;
        switch (field)
        {
            case FieldId.EventKind: return Give((long)login.Kind, out value);
            case FieldId.EventOccurredAt: return Give(login.OccurredAt.UnixMilliseconds, out value);
            case FieldId.EventTenant:
                value = Value.Of(login.Tenant.IsEmpty ? DefaultTenant : frame.Login.Batch.Text(login.Tenant));
                return true;
            case FieldId.EventApplication: return GiveText(ref frame, login.Application, out value);
            case FieldId.EventAuthMethod: return GiveText(ref frame, login.AuthMethod, out value);
            case FieldId.EventReason: return GiveText(ref frame, login.Reason, out value);
            case FieldId.EventUserAgent: return GiveText(ref frame, login.UserAgent, out value);
            case FieldId.EventRoundTrip: return Give(login.RoundTripMilliseconds, out value, login.RoundTripMilliseconds >= 0);
            case FieldId.EventProbe: return Give(login.Probe, out value);
            case FieldId.EventSourceIp:
                value = Value.Of(login.SourceIp);
                return !login.SourceIp.IsUnknown;
            case FieldId.SubjectId: return GiveText(ref frame, login.SubjectId, out value);
            case FieldId.SubjectName: return GiveText(ref frame, login.SubjectName, out value);
            case FieldId.SubjectUnknown: return Give(login.SubjectIsUnknown, out value);
            case FieldId.SubjectServiceAccount: return Give(login.ServiceAccount, out value);
            case FieldId.SubjectEstablished: return Give(frame.Login.IsEstablished, out value);
            case FieldId.SubjectLogins: return Give(frame.Login.Profile.Logins, out value);
            case FieldId.SubjectFirstLogin: return Give(frame.Login.Profile.FirstLogin * 1000L, out value, frame.Login.Profile.FirstLogin != 0);
            case FieldId.SubjectLastLogin: return Give(frame.Login.Profile.LastLogin * 1000L, out value, frame.Login.Profile.LastLogin != 0);
            case FieldId.SubjectDaysSinceFirstLogin: return GiveDays(frame.Login.Profile.FirstLogin, frame.Login.Now, out value);
            case FieldId.SubjectDaysSinceLastLogin: return GiveDays(frame.Login.Profile.LastLogin, frame.Login.Now, out value);
            case FieldId.SessionKnown: return Give(frame.Login.Summary.SameSession > 0, out value, login.Session != 0);
            case FieldId.DeviceKnown:
                return Give(login.KnownDevice == true || frame.Login.Summary.SameDeviceId > 0, out value, login.KnownDevice is not null || !login.DeviceId.IsEmpty);
            case FieldId.DeviceId: return GiveText(ref frame, login.DeviceId, out value);
            default: return TryReadFact(field, ref frame, out value);
        }
    }

    private static bool TryReadFact(FieldId field, scoped ref Frame frame, out Value value)
    {
        ref readonly var login = ref frame.Login;
        switch (field)
        {
            case FieldId.DeviceBrowser: return Give(login.Device.Browser, out value, login.Device.Browser != 0);
            case FieldId.DeviceBrowserVersion: return Give(login.Device.BrowserMajor, out value, login.Device.BrowserMajor != 0);
            case FieldId.DeviceOs: return Give(login.Device.Os, out value, login.Device.Os != 0);
            case FieldId.DeviceClass: return Give((long)login.Device.Class, out value, login.Device.Class != Facts.DeviceClass.Unknown);
            case FieldId.AddressPublic: return Give(AddressScopes.Of(login.Event.SourceIp) == AddressScope.Public, out value, !login.Event.SourceIp.IsUnknown);
            case FieldId.AddressShared: return Give(login.IsAddressShared, out value);
            case FieldId.GeoCountry:
                var isKnown = login.Login.Country.IsKnown;
                return Give(isKnown ? NameSet.CodeOf(login.Login.Country) : 0, out value, isKnown);
            case FieldId.NetworkAsn: return Give(login.Login.Asn, out value, login.Login.Asn != 0);
            case FieldId.NetworkTrusted: return Give(frame.Policy!.IsTrusted(login.Batch, login.Event), out value);
            case FieldId.ReputationAddress: return GiveReputation(frame.AddressReputation, out value, login.IsAddressEvaluable);
            case FieldId.ReputationNetwork: return GiveReputation(login.Network.Shown(login.Now), out value, login.IsAddressEvaluable);
            case FieldId.ReputationAsn: return GiveReputation(login.Asn.Shown(login.Now), out value, login.IsAddressEvaluable && login.Login.Asn != 0);
            case FieldId.ReputationPair: return GiveReputation(login.Pair.Shown(login.Now), out value, login.IsAddressEvaluable);
            case FieldId.FleetUnderAttack: return Give((login.Fleetwide & AttackKinds.Attacks) != AttackKinds.None, out value);
            case FieldId.RiskScore:
                value = Value.Of(frame.Score);
                return true;
            case FieldId.RiskLevel: return Give((long)frame.Level, out value);
            default: throw new InvalidOperationException($"{field} is a list.");
        }
    }

    /// <summary>The length of a field that is a list, or of the signals; −1 where nothing is known of it.</summary>
    public static int Count(FieldId field, scoped ref Frame frame)
    {
        ref readonly var login = ref frame.Login;
        return field switch
        {
            FieldId.EventMfa => login.Event.Mfa.Count,
            FieldId.SubjectGroups => login.Event.Groups.Count > 0 ? login.Event.Groups.Count : -1,
            FieldId.NetworkKinds => login.Facts.Networks == Facts.NetworkKinds.None && login.Login.Asn == 0 ? -1 : System.Numerics.BitOperations.PopCount((uint)login.Facts.Networks),
            FieldId.NetworkFeeds => AddressScopes.Of(login.Event.SourceIp) == AddressScope.Public ? login.Facts.FeedHitCount : -1,
            FieldId.FleetAttacks => System.Numerics.BitOperations.PopCount((uint)login.Fleetwide),
            FieldId.Signals => frame.Signals.Length,
            _ => throw new InvalidOperationException($"{field} is no list."),
        };
    }

    /// <summary>An element of a field that is a list, or a key of the signals.</summary>
    /// <param name="index">From 0, below <see cref="Count"/>.</param>
    public static Value Item(FieldId field, scoped ref Frame frame, int index)
    {
        ref readonly var login = ref frame.Login;
        switch (field)
        {
            case FieldId.EventMfa: return Value.Of(login.Batch.Text(login.Batch.List(login.Event.Mfa)[index]));
            case FieldId.SubjectGroups: return Value.Of(login.Batch.Text(login.Batch.List(login.Event.Groups)[index]));
            case FieldId.NetworkFeeds: return Value.Of((long)login.Facts.GetFeedHit(index).Feed);
            case FieldId.Signals: return Value.Of((long)frame.Signals[index].Code);
            case FieldId.FleetAttacks: return Value.Of(BitAt((uint)login.Fleetwide, index));
            default: return Value.Of(BitAt((uint)login.Facts.Networks, index));
        }
    }

    /// <summary>The number of the bit that is set at that place, from the lowest.</summary>
    private static long BitAt(uint bits, int place)
    {
        for (; place > 0; place--) bits &= bits - 1;
        return System.Numerics.BitOperations.TrailingZeroCount(bits);
    }

    private static bool Give(long number, out Value value, bool isKnown = true)
    {
        value = Value.Of(number);
        return isKnown;
    }

    private static bool Give(bool truth, out Value value, bool isKnown = true)
    {
        value = Value.Of(truth);
        return isKnown;
    }

    private static bool GiveText(scoped ref Frame frame, Slice slice, out Value value)
    {
        value = Value.Of(frame.Login.Batch.Text(slice));
        return !slice.IsEmpty;
    }

    private static bool GiveDays(uint at, uint now, out Value value)
    {
        value = Value.Of(now > at ? (now - at) / SecondsADay : 0);
        return at != 0;
    }

    private static bool GiveReputation(float reputation, out Value value, bool isKnown)
    {
        value = Value.Of((double)reputation);
        return isKnown && !float.IsNaN(reputation);
    }
}
