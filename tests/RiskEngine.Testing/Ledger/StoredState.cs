using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using Xunit;

namespace RiskEngine.Testing.Ledger;

/// <summary>What a store knows after a run, to be held against that of another run of the same events: masses that are shared, and profiles.</summary>
/// <remarks>Profiles name places and devices by keyed hashes, so both stores need the same secret for them to be compared.</remarks>
public sealed class StoredState
{
    /// <summary>How far a mass may be off: counts have 24 bits, and each merge rounds once.</summary>
    public const double Rounding = 1e-4;

    private readonly List<ReputationRow> _masses = [];
    private readonly List<(string Subject, byte[] Profile)> _profiles = [];

    private StoredState()
    {
    }

    /// <summary>Asks for the masses of the fleet, of the network of the first address and of every address, and for the profiles of subjects.</summary>
    public static async Task<StoredState> OfAsync(IStateStore store, IReadOnlyList<string> addresses, IReadOnlyList<string> subjects)
    {
        var asking = new UnitOfWork(store.Hash);
        foreach (var address in addresses) asking.Login("asking", new EventTime(1), address: address);
        foreach (var subject in subjects) asking.Login("asking", new EventTime(1), subject, addresses[0]);
        var view = (await asking.LoadAsync(store)).View;
        var state = new StoredState();
        state._masses.Add(view.Reputation.Row(view[0].Fleet));
        state._masses.Add(view.Reputation.Row(view[0].Network));
        for (var i = 0; i < addresses.Count; i++) state._masses.Add(view.Reputation.Row(view[i].Address));
        for (var i = 0; i < subjects.Count; i++) state._profiles.Add((subjects[i], view.Profiles.Used(view[addresses.Count + i].Subject).ToArray()));
        return state;
    }

    /// <summary>Fails where a profile is another, or a mass is further off than <see cref="Rounding"/>.</summary>
    /// <param name="span">From the first event to the last.</param>
    /// <returns>The largest part by which a mass is off; all are brought to the time of the newest event of the two.</returns>
    public double AssertSame(StoredState actual, TimeSpan span)
    {
        var others = _profiles.Zip(actual._profiles).Where(pair => !pair.First.Profile.AsSpan().SequenceEqual(pair.Second.Profile)).ToArray();
        Assert.True(others.Length == 0, $"{others.Length} of {_profiles.Count} profiles are others: {string.Join('\n', others.Take(3).Select(pair => $"{pair.First.Subject}\n{Convert.ToHexString(pair.First.Profile)}\n{Convert.ToHexString(pair.Second.Profile)}"))}");
        var deviation = _masses.Zip(actual._masses).Max(pair => Deviation(pair.First, pair.Second, span));
        Assert.InRange(deviation, 0, Rounding);
        return deviation;
    }

    private static double Deviation(in ReputationRow expected, in ReputationRow actual, TimeSpan span)
    {
        Assert.True(expected.Logins.Value > 1);
        Assert.Equal((expected.FirstSeen, expected.LastSeen), (actual.FirstSeen, actual.LastSeen));
        // Successes, and what is usual, count once a day for each subject, at the time of whichever login came first, and a kill changes which one that is.
        AssertWithinSpan(expected.Successes, actual.Successes, ReputationRow.HalfLife, span);
        AssertWithinSpan(expected.Usual, actual.Usual, FleetShares.HalfLife, span);
        return Math.Max(Deviation(expected.Logins, actual.Logins, ReputationRow.HalfLife), Deviation(expected.Failures, actual.Failures, ReputationRow.HalfLife));
    }

    private static void AssertWithinSpan(DecayedMass expected, DecayedMass actual, float halfLife, TimeSpan span) =>
        Assert.InRange(Deviation(expected, actual, halfLife), 0, 1 - Math.Pow(2, -span.TotalSeconds / halfLife) + Rounding);

    private static double Deviation(DecayedMass expected, DecayedMass actual, float halfLife)
    {
        var at = Math.Max(expected.AsOf, actual.AsOf);
        return Math.Abs(expected.At(at, halfLife) - (double)actual.At(at, halfLife)) / Math.Max(expected.At(at, halfLife), 1);
    }
}
