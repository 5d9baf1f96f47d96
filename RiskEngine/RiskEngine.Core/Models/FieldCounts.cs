using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Models;

/// <summary>Counts in how many logins of a history each field is that of one login, and in how many it is known: all fields of a login at a time.</summary>
/// <remarks>
/// A login is read as three registers of 16 bytes, as it lies in memory: address and session; time, system, device id and user agent; country and what else is
/// short. Each lane counts for itself, without a branch: which fields agree is anybody's guess, also the processor's.
/// </remarks>
internal static class FieldCounts
{
    private const int Address = 0, Session = 1, Asn = 1, DeviceId = 2, UserAgent = 3, Country = 0, Application = 5, Platform = 0, Os = 1, Tor = 0, Vpn = 1, DataCentre = 2, Mobile = 3;

    /// <summary>Of browser, operating system, class of device and novelty, which lie side by side: the first three, and the second.</summary>
    private static readonly Vector128<uint> DeviceMasks = Vector128.Create(0x00FF_FFFFu, 0x0000_FF00, 0, 0);

    private static readonly Vector128<uint> NetworkMasks = Vector128.Create(
        (uint)LoginTraits.Tor, (uint)(LoginTraits.Vpn | LoginTraits.Tor), (uint)LoginTraits.DataCentre, (uint)LoginTraits.Mobile);

    /// <summary>A summary with what can be counted so: nothing of times and of order.</summary>
    public static HistorySummary Of(ReadOnlySpan<PastLogin> history, in PastLogin login)
    {
        Vector128<ulong> sameLong = default, noLong = default, sameNetwork = default;
        Vector128<uint> sameMiddle = default, noMiddle = default, sameDevice = default, notOnNetwork = default;
        Vector128<ushort> sameShort = default, noShort = default;
        var (mineLong, mineMiddle, mineShort, mineDevice) = (LongOf(login), MiddleOf(login), ShortOf(login), DeviceOf(login));
        var networkMask = Vector128.Create(HistorySummary.NetworkMask(login.AddressUnit));
        var mineNetwork = mineLong & networkMask;
        foreach (ref readonly var past in history)
        {
            var (longs, middle, shorts) = (LongOf(past), MiddleOf(past), ShortOf(past));
            var unknown = Vector128.Equals(longs, Vector128<ulong>.Zero);

            // What is equal is all ones, that is minus one.
            noLong -= unknown;
            sameLong -= Vector128.Equals(longs, mineLong);
            sameNetwork -= Vector128.AndNot(Vector128.Equals(longs & networkMask, mineNetwork), unknown);
            noMiddle -= Vector128.Equals(middle, Vector128<uint>.Zero);
            sameMiddle -= Vector128.Equals(middle, mineMiddle);
            noShort -= Vector128.Equals(shorts, Vector128<ushort>.Zero);
            sameShort -= Vector128.Equals(shorts, mineShort);
            sameDevice -= Vector128.Equals((DeviceOf(past) ^ mineDevice) & DeviceMasks, Vector128<uint>.Zero);
            notOnNetwork -= Vector128.Equals(Vector128.Create((uint)past.Traits) & NetworkMasks, Vector128<uint>.Zero);
        }

        var count = history.Length;

        // A field that the login does not carry is the same as nothing.
        return new HistorySummary
        {
            Count = count,
            SameAddress = login.AddressUnit != 0 ? (int)sameLong[Address] : 0,
            SameNetwork = login.AddressUnit != 0 ? (int)sameNetwork[Address] : 0,
            SameSession = login.Session != 0 ? (int)sameLong[Session] : 0,
            SameAsn = login.Asn != 0 ? (int)sameMiddle[Asn] : 0,
            SameDeviceId = login.DeviceId != 0 ? (int)sameMiddle[DeviceId] : 0,
            SameUserAgent = login.UserAgent != 0 ? (int)sameMiddle[UserAgent] : 0,
            SameCountry = login.Country.IsKnown ? sameShort[Country] : 0,
            SameApplication = login.Application != 0 ? sameShort[Application] : 0,
            SamePlatform = login.UserAgent != 0 ? (int)sameDevice[Platform] : 0,
            SameOs = login.Os != 0 ? (int)sameDevice[Os] : 0,
            WithAddress = count - (int)noLong[Address],
            WithAsn = count - (int)noMiddle[Asn],
            WithDeviceId = count - (int)noMiddle[DeviceId],
            WithUserAgent = count - (int)noMiddle[UserAgent],
            WithCountry = count - noShort[Country],
            WithApplication = count - noShort[Application],
            OnTor = count - (int)notOnNetwork[Tor],
            OnVpn = count - (int)notOnNetwork[Vpn],
            OnDataCentre = count - (int)notOnNetwork[DataCentre],
            OnMobile = count - (int)notOnNetwork[Mobile],
        };
    }

    private static Vector128<ulong> LongOf(in PastLogin login) => Vector128.LoadUnsafe(in login.AddressUnit);

    private static Vector128<uint> MiddleOf(in PastLogin login) => Vector128.LoadUnsafe(in login.At);

    private static Vector128<ushort> ShortOf(in PastLogin login) => Vector128.LoadUnsafe(in Unsafe.As<CountryCode, ushort>(ref Unsafe.AsRef(in login.Country)));

    private static Vector128<uint> DeviceOf(in PastLogin login) => Vector128.Create(Unsafe.ReadUnaligned<uint>(in login.Browser));
}
