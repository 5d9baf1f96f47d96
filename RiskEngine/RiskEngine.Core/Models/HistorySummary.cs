using System.Runtime.CompilerServices;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Models;

/// <summary>How one login compares with a subject's accepted logins: counted in a single pass, so that no detector walks the history again.</summary>
/// <remarks>Counts are of past logins that share the value with the login under judgement; a value the login does not carry counts nothing.</remarks>
public struct HistorySummary
{
    /// <summary>Accepted logins in the history.</summary>
    public int Count;

    public int SameAddress;

    /// <summary>When the subject first logged in from this address, in seconds since 1970; 0 for never.</summary>
    public uint FirstAtAddress;

    public int SameNetwork;
    public int SameAsn;
    public int SameCountry;

    /// <summary>Same device id, as the source gave it.</summary>
    public int SameDeviceId;

    /// <summary>Same user agent to the letter.</summary>
    public int SameUserAgent;

    /// <summary>Same browser, operating system and class of device, whatever their versions.</summary>
    public int SamePlatform;

    /// <summary>Same operating system, whatever the browser; counts nothing where the system is unknown.</summary>
    public int SameOs;

    public int SameSession;
    public int SameApplication;

    /// <summary>Past logins from VPNs, data centres and mobile carriers: what is usual for this subject.</summary>
    public int OnVpn;
    public int OnDataCentre;
    public int OnMobile;

    /// <summary>Past logins from Tor alone; <see cref="OnVpn"/> counts them too.</summary>
    public int OnTor;

    /// <summary>Past logins that carry an address, a user agent, a country, an autonomous system, a device id.</summary>
    public int WithAddress;
    public int WithUserAgent;
    public int WithCountry;
    public int WithAsn;
    public int WithDeviceId;
    public int WithApplication;

    /// <summary>How many past logins lie about this hour of the day: each counts 1 at the same time of day, falling to 0 three hours away.</summary>
    public float SameHour;

    /// <summary>Index of the login nearest before this one in time, −1 for none.</summary>
    public int Previous;

    /// <summary>Index of the newest login before this one that has a location, −1 for none.</summary>
    public int PreviousWithLocation;

    /// <summary>How far an hour of the day reaches to either side in <see cref="SameHour"/>, in seconds.</summary>
    public const int HourReach = 3 * 3600;

    private const int Day = 86_400;

    /// <summary>Compares a login with a history.</summary>
    /// <param name="history">Accepted logins, oldest first.</param>
    /// <param name="login">The login under judgement in the form it would be remembered in.</param>
    public static HistorySummary Of(ReadOnlySpan<PastLogin> history, in PastLogin login)
    {
        var summary = new HistorySummary { Count = history.Length, Previous = -1, PreviousWithLocation = -1 };
        var network = NetworkOf(login.AddressUnit);
        for (var i = 0; i < history.Length; i++)
        {
            ref readonly var past = ref history[i];
            if (login.AddressUnit != 0)
            {
                if (past.AddressUnit == login.AddressUnit && summary.SameAddress++ == 0) summary.FirstAtAddress = past.At;
                if (past.AddressUnit != 0 && NetworkOf(past.AddressUnit) == network) summary.SameNetwork++;
            }

            // Counted without branches: which of these hold is anybody's guess, also the processor's.
            summary.WithAddress += One(past.AddressUnit != 0);
            summary.WithUserAgent += One(past.UserAgent != 0);
            summary.WithAsn += One(past.Asn != 0);
            summary.WithCountry += One(past.Country.IsKnown);
            summary.WithDeviceId += One(past.DeviceId != 0);
            summary.WithApplication += One(past.Application != 0);
            summary.SameAsn += One(login.Asn != 0 & past.Asn == login.Asn);
            summary.SameCountry += One(login.Country.IsKnown & past.Country == login.Country);
            summary.SameDeviceId += One(login.DeviceId != 0 & past.DeviceId == login.DeviceId);
            summary.SameUserAgent += One(login.UserAgent != 0 & past.UserAgent == login.UserAgent);
            summary.SameApplication += One(login.Application != 0 & past.Application == login.Application);
            summary.SameSession += One(login.Session != 0 & past.Session == login.Session);
            summary.SamePlatform += One(login.UserAgent != 0 & past.Browser == login.Browser & past.Os == login.Os & past.DeviceClass == login.DeviceClass);
            summary.SameOs += One(login.Os != 0 & past.Os == login.Os);
            var apart = Math.Abs((int)(login.At % Day) - (int)(past.At % Day));
            apart = Math.Min(apart, Day - apart);
            summary.SameHour += MathF.Max(1 - (apart / (float)HourReach), 0);
            summary.OnTor += One((past.Traits & LoginTraits.Tor) != LoginTraits.None);
            summary.OnVpn += One((past.Traits & (LoginTraits.Vpn | LoginTraits.Tor)) != LoginTraits.None);
            summary.OnDataCentre += One((past.Traits & LoginTraits.DataCentre) != LoginTraits.None);
            summary.OnMobile += One((past.Traits & LoginTraits.Mobile) != LoginTraits.None);
            if (past.At > login.At) continue;
            summary.Previous = i;
            if (past.HasLocation) summary.PreviousWithLocation = i;
        }

        return summary;
    }

    private static int One(bool holds) => Unsafe.BitCast<bool, byte>(holds);

    /// <summary>The /24 or /48 around an address unit (<see cref="IpAddress.Unit"/>).</summary>
    public static ulong NetworkOf(ulong unit) => unit >> 32 == 0xFFFF ? unit & 0xFFFF_FFFF_FFFF_FF00 : unit & 0xFFFF_FFFF_FFFF_0000;
}
