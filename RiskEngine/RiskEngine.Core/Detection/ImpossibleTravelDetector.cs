using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The login is further from the previous one than anyone could have travelled.</summary>
/// <remarks>
/// Speed is great-circle kilometres, less both accuracy radii, over elapsed hours of event time, so a replay repeats the live result. Evidence
/// rises from the highest ordinary speed to twice that, and with the distance, for databases often err by a few hundred kilometres. A late
/// event is compared with the nearest logins before and after it. Silent where either place is unknown, within one session or address, through Tor
/// and relays, and where the subject is at home; reduced through VPNs and data centres, and within one autonomous system, which spans the distance
/// by itself (an unlisted VPN, a company's network); mobile carriers get a wider radius.
/// Numbers: kilometres, hours, kilometres an hour. Immutable; safe for concurrent use.
/// </remarks>
public sealed class ImpossibleTravelDetector(ImpossibleTravelSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.ImpossibleTravel;

    private const LoginTraits Nowhere = LoginTraits.Tor | LoginTraits.Relay;
    private const LoginTraits Elsewhere = LoginTraits.Vpn | LoginTraits.DataCentre;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable || !context.Login.HasLocation || context.History.IsEmpty) return null;
        var here = NetworkTraits.Of(context.Facts.Networks);
        var settled = Habit.Unusual(Math.Max(context.Summary.SameAddress, context.Summary.SameNetwork), settings.HabitLogins);
        if (settled == 0 || (here & Nowhere) != LoginTraits.None) return null;

        var before = context.Summary.PreviousWithLocation;
        var strongest = before < 0 ? default : Compare(context, here, context.History[before]);
        for (var after = before + 1; after < context.History.Length; after++)
        {
            ref readonly var next = ref context.History[after];
            if (!next.HasLocation || next.At <= context.Now) continue;
            var late = Compare(context, here, next);
            if (late.Evidence > strongest.Evidence) strongest = late;
            break;
        }

        return strongest.Evidence == 0 ? null : strongest with { Evidence = strongest.Evidence * settled };
    }

    private Signal Compare(in LoginContext context, LoginTraits here, in PastLogin past)
    {
        ref readonly var login = ref context.Login;
        if ((past.Traits & Nowhere) != LoginTraits.None || (login.Session != 0 && login.Session == past.Session)) return default;
        if (login.AddressUnit != 0 && login.AddressUnit == past.AddressUnit) return default;

        var distance = PlaceOf(login).KilometresTo(PlaceOf(past)) - RadiusOf(login, here) - RadiusOf(past, past.Traits);
        if (distance <= settings.MinimumDistanceKm) return default;
        var elapsed = TimeSpan.FromSeconds(Math.Abs((long)login.At - past.At));
        var hours = Math.Max(elapsed.TotalHours, settings.MinimumElapsed.TotalHours);
        var speed = distance / hours;
        var tooFast = Math.Clamp((speed / settings.MaximumSpeedKmh) - 1, 0, 1);
        var tooFar = Math.Clamp((distance - settings.MinimumDistanceKm) / (settings.CertainDistanceKm - settings.MinimumDistanceKm), 0, 1);
        var isHidden = ((here | past.Traits) & Elsewhere) != LoginTraits.None || (login.Asn != 0 && login.Asn == past.Asn);
        var share = isHidden ? settings.HiddenShare : 1;
        return new Signal(Code, settings.Evidence * tooFast * tooFar * share, distance, hours, speed);
    }

    private double RadiusOf(in PastLogin login, LoginTraits traits)
    {
        var radius = login.AccuracyRadius == 0 ? settings.UnknownRadiusKm : login.AccuracyRadius;
        return (traits & LoginTraits.Mobile) == LoginTraits.None ? radius : Math.Max(radius, settings.MobileRadiusKm);
    }

    private static GeoPoint PlaceOf(in PastLogin login) => new(login.Latitude / 100.0, login.Longitude / 100.0);
}
