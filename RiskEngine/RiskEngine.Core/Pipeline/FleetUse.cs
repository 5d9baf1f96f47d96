using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What the fleet uses: read for the judge, counted for accepted logins.</summary>
internal static class FleetUse
{
    private const uint Day = 86_400;

    /// <summary>Which part of the fleet's logins shares each value with this one.</summary>
    public static FleetShares Of(StateView view, in EventKeys keys, uint now)
    {
        var all = Count(view, keys.Fleet, now);
        return new FleetShares(
            Share(view, keys.Address, now, all), Share(view, keys.Network, now, all), Share(view, keys.Asn, now, all), Share(view, keys.Country, now, all),
            Share(view, keys.UserAgent, now, all), Share(view, keys.Platform, now, all), Share(view, keys.OperatingSystem, now, all), all);
    }

    /// <summary>Which part of the fleet's logins shares the autonomous system with this one.</summary>
    public static float OfSystem(StateView view, in EventKeys keys, uint now) => Share(view, keys.Asn, now, Count(view, keys.Fleet, now));

    /// <summary>Counts what an accepted login shows, once a day for each subject, so that nobody makes his own network usual by coming often.</summary>
    /// <param name="history">The subject's accepted logins without this one, oldest first.</param>
    public static void Count(StateView view, in EventKeys keys, in PastLogin login, ReadOnlySpan<PastLogin> history, bool placeSaysSomething)
    {
        var today = HistorySummary.Of(OfDay(history, login.At / Day), login);
        Add(view, keys.Fleet, login.At, today.Count);
        Add(view, keys.UserAgent, login.At, today.SameUserAgent);
        Add(view, keys.Platform, login.At, today.SamePlatform);
        Add(view, keys.OperatingSystem, login.At, today.SameOs);
        if (!placeSaysSomething) return;
        Add(view, keys.Address, login.At, today.SameAddress);
        Add(view, keys.Network, login.At, today.SameNetwork);
        Add(view, keys.Asn, login.At, today.SameAsn);
        Add(view, keys.Country, login.At, today.SameCountry);
    }

    private static ReadOnlySpan<PastLogin> OfDay(ReadOnlySpan<PastLogin> history, uint day)
    {
        var end = history.Length;
        while (end > 0 && history[end - 1].At / Day > day) end--;
        var start = end;
        while (start > 0 && history[start - 1].At / Day == day) start--;
        return history[start..end];
    }

    private static float Share(StateView view, int slot, uint now, float all) => FleetShares.Of(Count(view, slot, now), all);

    private static float Count(StateView view, int slot, uint now) => slot < 0 ? 0 : view.Reputation.Row(slot).Usual.At(now, FleetShares.HalfLife);

    /// <param name="told">How often the subject showed the same before on that day.</param>
    private static void Add(StateView view, int slot, uint at, int told)
    {
        if (slot < 0 || told > 0) return;
        view.Reputation.Row(slot).Usual.Add(at, 1, FleetShares.HalfLife);
        view.Reputation.MarkDirty(slot);
    }
}
