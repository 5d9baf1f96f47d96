using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What a person's word on an earlier event changes: <c>safe</c> teaches, <c>compromised</c> un-teaches, <c>dismissed</c> takes either word back.</summary>
/// <remarks>
/// The last word on an event counts, and takes back no word on another: while one event of an account is called compromised, the account is.
/// <c>dismissed</c> leaves the event as the policy had decided it, and where nothing was said it changes nothing. Saying the same again changes nothing more.
/// What is known of the earlier event is what was stored of it: neither its session nor its device id.
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
                Accept(profile, kind, login, word);
                break;
            case FeedbackLabel.Compromised:
                Reject(profile, kind, keys, login, view, novelty);
                break;
            default:
                Withdraw(profile, login, word);
                break;
        }

        view.Profiles.Rows.MarkDirty(keys.Subject);
    }

    private static void Accept(SubjectProfile profile, EventKind kind, in PastLogin login, in Correction word)
    {
        Clear(ref profile.Header, login, word);
        if (profile.Header.RiskyAt <= login.At && profile.Header.RiskyAt != profile.Header.CompromisedAt) profile.Header.RiskyAt = 0;
        if (kind is EventKind.Login or EventKind.SessionSeen) Teach(profile, login with { Traits = login.Traits | LoginTraits.Confirmed });
    }

    /// <summary>Takes a word back. What <c>compromised</c> took out of counts of addresses stays out: it is a success less for an address, and fades.</summary>
    private static void Withdraw(SubjectProfile profile, in PastLogin login, in Correction word)
    {
        Clear(ref profile.Header, login, word);
        var isConfirmed = false;
        foreach (ref var past in profile.Logins)
        {
            if (!past.IsSameAs(login) || !past.Traits.HasFlag(LoginTraits.Confirmed)) continue;
            past.Traits &= ~LoginTraits.Confirmed;
            isConfirmed = true;
        }

        if (isConfirmed && !word.WasAccepted) profile.Remove(login);
        if (word.WasRejected && word.WasAccepted) Teach(profile, login);
    }

    /// <summary>Ends the high risk that a word on this event put the account at; what stands is the word on another event, if there is one.</summary>
    private static void Clear(ref ProfileHeader header, in PastLogin login, in Correction word)
    {
        if (header.CompromisedAt != login.At) return;
        header.CompromisedAt = (uint)(word.StillCompromised?.UnixSeconds ?? 0);
        if (header.RiskyAt != login.At || header.RiskyScore != CertainRisk) return;
        header.RiskyAt = header.CompromisedAt;
    }

    /// <summary>Adds a login that the history does not have, as itself or as the challenge that belongs to it.</summary>
    private static void Teach(SubjectProfile profile, in PastLogin login)
    {
        foreach (ref readonly var past in profile.Logins)
        {
            if (past.IsAround(login)) return;
        }

        // One older than all that is kept would be counted again each time and never kept.
        if (profile.Header.Count == SubjectProfile.Capacity && login.At < profile.Logins[0].At) return;
        profile.Add(login);
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
