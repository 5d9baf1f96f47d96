using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>A session goes on from another device than it began with: a cookie moved, which cookies do not do by themselves.</summary>
/// <remarks>
/// Compared with the accepted login that began the session, as long as it is in the history. Another platform (browser, system, class) is another device;
/// a new version of the same browser is not, and neither is another network alone, for laptops travel. A device id that both carry decides before
/// the user agent. Numbers: 1 device and network, 2 device, 3 country; hours since the login. Immutable; safe for concurrent use.
/// </remarks>
public sealed class StolenSessionDetector(StolenSessionSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.StolenSession;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var login = ref context.Login;
        if (context.Event.Kind is not (EventKind.SessionSeen or EventKind.TokenUsed) || context.Summary.SameSession == 0) return null;
        var (share, what, hours) = Compare(login, Begin(context));
        return Evidence.Of(Code, settings.Evidence * share, what, hours);
    }

    private static PastLogin Begin(in LoginContext context)
    {
        var at = 0;
        for (var i = 0; i < context.History.Length; i++)
        {
            if (context.History[i].Session == context.Login.Session) at = i;
        }

        return context.History[at];
    }

    private (double Share, int What, double Hours) Compare(in PastLogin login, in PastLogin begin)
    {
        var isOtherDevice = login.DeviceId != 0 && begin.DeviceId != 0
            ? login.DeviceId != begin.DeviceId
            : login.UserAgent != 0 && begin.UserAgent != 0 && (login.Browser, login.Os, login.DeviceClass) != (begin.Browser, begin.Os, begin.DeviceClass);
        var isOtherNetwork = login.Asn != 0 && begin.Asn != 0 ? login.Asn != begin.Asn
            : login.AddressUnit != 0 && begin.AddressUnit != 0 && HistorySummary.NetworkOf(login.AddressUnit) != HistorySummary.NetworkOf(begin.AddressUnit);
        var isOtherCountry = login.Country.IsKnown && begin.Country.IsKnown && login.Country != begin.Country;
        var hours = Math.Max(0, (double)login.At - begin.At) / 3600;
        if (isOtherDevice) return isOtherNetwork ? (1, 1, hours) : (settings.DeviceShare, 2, hours);
        return isOtherCountry ? (settings.CountryShare, 3, hours) : (0, 0, 0);
    }
}
