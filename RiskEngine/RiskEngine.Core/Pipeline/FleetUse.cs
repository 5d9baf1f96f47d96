using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What the fleet uses: read for the judge, counted for accepted logins.</summary>
internal static class FleetUse
{
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

    /// <summary>Counts an accepted login.</summary>
    public static void Count(StateView view, in EventKeys keys, uint at, bool placeSaysSomething)
    {
        Add(view, keys.Fleet, at);
        Add(view, keys.UserAgent, at);
        Add(view, keys.Platform, at);
        Add(view, keys.OperatingSystem, at);
        if (!placeSaysSomething) return;
        Add(view, keys.Address, at);
        Add(view, keys.Network, at);
        Add(view, keys.Asn, at);
        Add(view, keys.Country, at);
    }

    private static float Share(StateView view, int slot, uint now, float all) => FleetShares.Of(Count(view, slot, now), all);

    private static float Count(StateView view, int slot, uint now) => slot < 0 ? 0 : view.Reputation.Row(slot).Usual.At(now, FleetShares.HalfLife);

    private static void Add(StateView view, int slot, uint at)
    {
        if (slot < 0) return;
        view.Reputation.Row(slot).Usual.Add(at, 1, FleetShares.HalfLife);
        view.Reputation.MarkDirty(slot);
    }
}
