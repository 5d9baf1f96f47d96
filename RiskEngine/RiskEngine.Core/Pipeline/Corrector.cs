using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What a person's word on an earlier event changes: <c>safe</c> teaches, <c>compromised</c> un-teaches, <c>dismissed</c> takes either word back.</summary>
/// <remarks>
/// The last word counts, so each takes the others back; <c>dismissed</c> leaves the event as the policy had decided it, and where nothing was said it
/// changes nothing. Saying the same again changes nothing more. What is known of the earlier event is what was stored of it: neither its session nor its
/// device id. Of several events called compromised the profile keeps the time of the newest: to take that word back clears the mark of the others too.
/// </remarks>
internal static class Corrector
{
    private const ushort CertainRisk = 10_000;

    public static void Correct(in Correction word, EventKind kind, in EventKeys keys, in PastLogin login, StateView view, NoveltyState novelty)
    {
        var profile = view.Profiles.Profile(keys.Subject);
        profile.Header.Version = SubjectProfile.CurrentVersion;
        switch (word.Label)
        {
            case FeedbackLabel.Safe:
                Accept(profile, kind, login);
                break;
            case FeedbackLabel.Compromised:
                Reject(profile, kind, keys, login, view, novelty);
                break;
            default:
                Withdraw(profile, kind, login, word.WasAccepted);
                break;
        }

        view.Profiles.Rows.MarkDirty(keys.Subject);
    }

    private static void Accept(SubjectProfile profile, EventKind kind, in PastLogin login)
    {
        ref var header = ref profile.Header;
        if (header.CompromisedAt == login.At) header.CompromisedAt = 0;
        if (header.RiskyAt <= login.At) header.RiskyAt = 0;
        if (kind is not (EventKind.Login or EventKind.SessionSeen)) return;

        var isKnown = false;
        foreach (ref var past in profile.Logins)
        {
            if (!past.IsSameAs(login)) continue;
            past.Traits |= LoginTraits.Confirmed;
            isKnown = true;
        }

        // One older than all that is kept would be counted again each time and never kept.
        if (header.Count == SubjectProfile.Capacity && login.At < profile.Logins[0].At) return;
        if (!isKnown) profile.Add(login with { Traits = login.Traits | LoginTraits.Confirmed });
    }

    /// <summary>Takes a word back. What <c>compromised</c> took out of counts of addresses stays out: it is a success less for an address, and fades.</summary>
    private static void Withdraw(SubjectProfile profile, EventKind kind, in PastLogin login, bool wasAccepted)
    {
        ref var header = ref profile.Header;
        if (header.CompromisedAt == login.At)
        {
            header.CompromisedAt = 0;
            if (header.RiskyAt == login.At && header.RiskyScore == CertainRisk) header.RiskyAt = 0;
            if (wasAccepted && kind == EventKind.Login && !(header.Count == SubjectProfile.Capacity && login.At < profile.Logins[0].At)) profile.Add(login);
        }

        var wasConfirmed = false;
        foreach (ref var past in profile.Logins)
        {
            if (!past.IsSameAs(login) || !past.Traits.HasFlag(LoginTraits.Confirmed)) continue;
            past.Traits &= ~LoginTraits.Confirmed;
            wasConfirmed = true;
        }

        if (wasConfirmed && !wasAccepted) profile.Remove(login);
    }

    private static void Reject(SubjectProfile profile, EventKind kind, in EventKeys keys, in PastLogin login, StateView view, NoveltyState novelty)
    {
        ref var header = ref profile.Header;
        header.CompromisedAt = Math.Max(header.CompromisedAt, login.At);
        if (login.At >= header.RiskyAt) (header.RiskyAt, header.RiskyScore) = (login.At, CertainRisk);
        if (kind == EventKind.TokenUsed) header.TokenSystems.Forget(login.Asn);
        Unlearn(profile, login, novelty);
        if (profile.Remove(login) == 0 || keys.Pair < 0 || HasOtherThatDay(profile, login)) return;

        ref var pair = ref view.Pairs.Row(keys.Pair);
        if (pair.LastSuccessDay != DayOf(login.At)) return;
        pair.LastSuccessDay = 0;
        TakeBack(ref pair.Successes, login.At);
        view.Pairs.MarkDirty(keys.Pair);
        TakeBack(view, keys.Address, login.At);
        TakeBack(view, keys.Network, login.At);
        TakeBack(view, keys.Asn, login.At);
    }

    /// <summary>What the fleet learned of how new such a login is goes as well: an intruder is no example of honest people.</summary>
    private static void Unlearn(SubjectProfile profile, in PastLogin login, NoveltyState novelty)
    {
        var history = profile.Logins;
        var dropped = profile.Header.Logins - profile.Header.Count;
        for (var i = 1; i < history.Length; i++)
        {
            if (history[i].Novelty != 0 && history[i].IsAround(login)) novelty.Forget(NoveltyTable.CellOf(history[i].At - history[i - 1].At, dropped + (uint)i), history[i].Novelty);
        }
    }

    /// <summary>A success counts once per subject, address and day: it stays where another login of that day still stands for it.</summary>
    private static bool HasOtherThatDay(SubjectProfile profile, in PastLogin login)
    {
        foreach (ref readonly var past in profile.Logins)
        {
            if (past.AddressUnit == login.AddressUnit && DayOf(past.At) == DayOf(login.At)) return true;
        }

        return false;
    }

    private static void TakeBack(StateView view, int slot, uint at)
    {
        if (slot < 0) return;
        TakeBack(ref view.Reputation.Row(slot).Successes, at);
        view.Reputation.MarkDirty(slot);
    }

    private static void TakeBack(ref DecayedMass successes, uint at)
    {
        successes.Add(at, -1, ReputationRow.HalfLife);
        if (successes.Value < 0) successes.Value = 0;
    }

    private static uint DayOf(uint seconds) => seconds / 86_400;
}
