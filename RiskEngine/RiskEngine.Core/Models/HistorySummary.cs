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
        var summary = FieldCounts.Of(history, login);
        var (hour, nearHour) = ((int)(login.At % Day), 0);
        foreach (ref readonly var past in history)
        {
            var apart = Math.Abs(hour - (int)(past.At % Day));
            nearHour += Math.Max(HourReach - Math.Min(apart, Day - apart), 0);
        }

        summary.SameHour = nearHour / (float)HourReach;
        if (summary.SameAddress > 0) summary.FirstAtAddress = FirstAt(history, login.AddressUnit);
        summary.Previous = Before(history, history.Length, login.At);
        summary.PreviousWithLocation = summary.Previous;
        while (summary.PreviousWithLocation >= 0 && !history[summary.PreviousWithLocation].HasLocation)
            summary.PreviousWithLocation = Before(history, summary.PreviousWithLocation, login.At);
        return summary;
    }

    private static uint FirstAt(ReadOnlySpan<PastLogin> history, ulong address)
    {
        foreach (ref readonly var past in history)
        {
            if (past.AddressUnit == address) return past.At;
        }

        return 0;
    }

    /// <summary>The last login in front of <paramref name="end"/> that is not later than that; −1 for none.</summary>
    private static int Before(ReadOnlySpan<PastLogin> history, int end, uint at)
    {
        do end--;
        while (end >= 0 && history[end].At > at);
        return end;
    }

    /// <summary>The /24 or /48 around an address unit (<see cref="IpAddress.Unit"/>).</summary>
    public static ulong NetworkOf(ulong unit) => unit & NetworkMask(unit);

    /// <summary>The bits of the /24 or /48 in an address unit: those of two kinds of address never agree.</summary>
    internal static ulong NetworkMask(ulong unit) => unit >> 32 == 0xFFFF ? 0xFFFF_FFFF_FFFF_FF00 : 0xFFFF_FFFF_FFFF_0000;
}
