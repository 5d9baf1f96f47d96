using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What an event changes: counters of addresses, networks and subjects, and, where the policy accepted the login, the subject's profile.</summary>
/// <remarks>
/// A failure counts against address, network, autonomous system, pair and subject. A success counts for them once per subject, address and day.
/// A login that was to be challenged or blocked teaches nothing, so that one takeover does not make the attacker familiar; a second factor in the
/// same login is a passed challenge and lifts that for challenges, and so does a challenge passed on its own.
/// </remarks>
internal static class Learner
{
    public static void Learn(ref AssessmentRecord assessment, in LoginEvent e, in EventKeys keys, in PastLogin login, in AddressFacts facts, StateView view, NoveltyState novelty)
    {
        var evaluable = facts.Scope.IsEvaluable();
        switch (e.Kind)
        {
            case EventKind.LoginFailed or EventKind.MfaFailed:
                Fail(e, keys, login, view, evaluable);
                break;
            case EventKind.Login:
                Succeed(ref assessment, e, keys, login, view, evaluable, novelty);
                Remember(assessment, keys, login, view);
                if (assessment.Action == DecisionAction.Challenge && assessment.Rule == AssessmentRecord.StandingBlock) Spare(keys, e.OccurredAt.UnixDays, view);
                break;
            case EventKind.ChallengePassed:
                Trust(keys, login, view, evaluable, novelty);
                break;
            case EventKind.PasswordChanged when assessment.Action < DecisionAction.Challenge && IsAtHome(view.Profiles.Profile(keys.Subject), login):
                Header(keys, view).CompromisedAt = 0;
                view.Profiles.Rows.MarkDirty(keys.Subject);
                break;
            case EventKind.TokenUsed when assessment.Action < DecisionAction.Challenge && login.Asn != 0:
                ref var header = ref Header(keys, view);
                if (header.TokenSystems[0] == login.Asn) break;
                header.TokenSystems.Use(login.Asn);
                view.Profiles.Rows.MarkDirty(keys.Subject);
                break;
            case EventKind.SessionSeen when assessment.Action < DecisionAction.Challenge && view.Profiles.Profile(keys.Subject).Join(login):
                view.Profiles.Rows.MarkDirty(keys.Subject);
                break;
            case EventKind.AccountCreated:
                Header(keys, view).CreatedAt = login.At;
                view.Profiles.Rows.MarkDirty(keys.Subject);
                break;
            case EventKind.AccountReactivated when view.Profiles.Profile(keys.Subject).IsEstablished:
                Header(keys, view).ReactivatedAt = login.At;
                view.Profiles.Rows.MarkDirty(keys.Subject);
                break;
        }

        // Whoever merely tries a name shows nothing of there being such an account.
        if (e.Kind != EventKind.LoginAttempt && (assessment.Action < DecisionAction.Challenge || assessment.Learned)) Introduce(keys, login.At, e.ServiceAccount, view);
    }

    private static void Fail(in LoginEvent e, in EventKeys keys, in PastLogin login, StateView view, bool evaluable)
    {
        var now = login.At;
        var name = (ulong)keys.SubjectKey;
        if (evaluable)
        {
            FailAt(view, keys.Address, name, now, e.SubjectIsUnknown);
            FailAt(view, keys.Network, name, now, e.SubjectIsUnknown);
            FailAt(view, keys.Asn, name, now, e.SubjectIsUnknown);
        }

        var profile = view.Profiles.Profile(keys.Subject);
        var address = Spread(login.AddressUnit);
        if (profile.IsEstablished)
        {
            ref var header = ref profile.Header;
            header.Failures.Add(now, 1, ReputationRow.HalfLife);
            if (login.AddressUnit != 0) header.FailedAddresses.Add(address, now, ReputationRow.FailedNamesEpoch);
            if (e.Kind == EventKind.MfaFailed) header.FailedFactors.Add(now, 1, SubjectProfile.FactorHalfLife);
            view.Profiles.Rows.MarkDirty(keys.Subject);
            if (keys.Pair < 0) return;
            ref var pair = ref view.Pairs.Row(keys.Pair);
            pair.Failures.Add(now, 1, ReputationRow.HalfLife);
            pair.LastSeen = Math.Max(pair.LastSeen, now);
            view.Pairs.MarkDirty(keys.Pair);
            return;
        }

        CountInCell(view, keys.SubjectCell1, address, login.AddressUnit != 0, now);
        CountInCell(view, keys.SubjectCell2, address, login.AddressUnit != 0, now);
        if (keys.PairCell1 < 0) return;
        CountInCell(view, keys.PairCell1, address, false, now);
        CountInCell(view, keys.PairCell2, address, false, now);
    }

    /// <summary>Keeps that the subject was here with something of its own, so that its other devices are not refused here.</summary>
    private static void Spare(in EventKeys keys, ushort day, StateView view)
    {
        if (keys.Pair < 0) return;
        view.Pairs.Row(keys.Pair).SparedDay = day;
        view.Pairs.MarkDirty(keys.Pair);
    }

    private static ref ProfileHeader Header(in EventKeys keys, StateView view)
    {
        ref var header = ref view.Profiles.Profile(keys.Subject).Header;
        header.Version = SubjectProfile.CurrentVersion;
        return ref header;
    }

    /// <summary>Keeps the newest login that was of risk, so that what is done with the account after it can be seen with it.</summary>
    private static void Remember(in AssessmentRecord assessment, in EventKeys keys, in PastLogin login, StateView view)
    {
        if (assessment.Action == DecisionAction.Block)
        {
            ref var blocked = ref Header(keys, view);
            blocked.BlockedAt = Math.Max(blocked.BlockedAt, login.At);
            view.Profiles.Rows.MarkDirty(keys.Subject);
        }

        if (assessment.Level == RiskLevel.None || !view.Profiles.Profile(keys.Subject).IsEstablished) return;
        ref var header = ref Header(keys, view);
        if (login.At < header.RiskyAt) return;
        (header.RiskyAt, header.RiskyScore) = (login.At, (ushort)Math.Round(assessment.Score * 100));
        view.Profiles.Rows.MarkDirty(keys.Subject);
    }

    /// <summary>The person has shown who they are: the login becomes part of the profile, and the risk before it is settled.</summary>
    /// <remarks>
    /// A login just accepted from the same place and device is the one that was challenged, and is not counted twice. After a login that was blocked there was
    /// nothing to pass.
    /// </remarks>
    private static void Trust(in EventKeys keys, PastLogin login, StateView view, bool evaluable, NoveltyState novelty)
    {
        var profile = view.Profiles.Profile(keys.Subject);
        if (profile.Header.BlockedAt != 0 && Math.Abs((long)login.At - profile.Header.BlockedAt) <= PastLogin.SameLoginSeconds) return;
        if (login.At >= profile.Header.RiskyAt) profile.Header.RiskyAt = 0;
        if (login.At >= profile.Header.CompromisedAt) profile.Header.CompromisedAt = 0;
        var isKnown = false;
        foreach (ref readonly var past in profile.Logins)
        {
            isKnown |= past.IsAround(login);
        }

        if (!isKnown)
        {
            var summary = HistorySummary.Of(profile.Logins, login);
            var placeSaysSomething = evaluable && NetworkTraits.PlaceSaysSomething(login.Traits);
            login.Novelty = LoginNovelty.Of(summary, login, placeSaysSomething).Packed;
            Observe(keys, profile, summary, login, view, novelty, placeSaysSomething);
            FleetUse.Count(view, keys, login, profile.Logins, placeSaysSomething);
            profile.Add(login);
        }

        view.Profiles.Rows.MarkDirty(keys.Subject);
    }

    /// <summary>Counts how new an accepted login was, before it becomes part of the history.</summary>
    private static void Observe(in EventKeys keys, SubjectProfile profile, in HistorySummary summary, in PastLogin login, StateView view, NoveltyState novelty, bool placeSaysSomething)
    {
        if (!profile.IsEstablished)
        {
            if (placeSaysSomething && login.Asn != 0) novelty.ObserveFirst(FleetUse.OfSystem(view, keys, login.At), login.At);
            return;
        }

        if (login.Novelty == 0) return;
        var place = LoginNovelty.NetworkIn(login.Novelty);
        var cell = LikelihoodModel.CellOf(profile.Logins, profile.Header.Logins, summary, login);
        novelty.Observe(cell, new LoginNovelty(place, place, LoginNovelty.DeviceIn(login.Novelty)), FleetUse.OfSystem(view, keys, login.At), login.At);
    }

    /// <summary>Whether the account is called compromised and this comes from where its subject is known. Something that says nothing of its place does not.</summary>
    private static bool IsAtHome(SubjectProfile profile, in PastLogin login)
    {
        if (profile.Header.CompromisedAt == 0) return false;
        foreach (ref readonly var past in profile.Logins)
        {
            if ((login.AddressUnit != 0 && past.AddressUnit == login.AddressUnit) || (login.DeviceId != 0 && past.DeviceId == login.DeviceId)) return true;
        }

        return false;
    }

    private static void Succeed(ref AssessmentRecord assessment, in LoginEvent e, in EventKeys keys, in PastLogin login, StateView view, bool evaluable, NoveltyState novelty)
    {
        var accepted = assessment.Action < DecisionAction.Challenge || (assessment.Action == DecisionAction.Challenge && e.Mfa.Count > 0);
        if (!accepted) return;

        assessment.Learned = true;
        var profile = view.Profiles.Profile(keys.Subject);
        var placeSaysSomething = evaluable && NetworkTraits.PlaceSaysSomething(login.Traits);
        Observe(keys, profile, HistorySummary.Of(profile.Logins, login), login, view, novelty, placeSaysSomething);
        FleetUse.Count(view, keys, login, profile.Logins, placeSaysSomething);
        profile.Add(login);
        view.Profiles.Rows.MarkDirty(keys.Subject);
        Login(view, keys.Fleet, keys.SubjectKey, login.At);
        if (!evaluable || keys.Pair < 0) return;

        Login(view, keys.Address, keys.SubjectKey, login.At);
        Login(view, keys.Network, keys.SubjectKey, login.At);
        Login(view, keys.Asn, keys.SubjectKey, login.At);

        ref var pair = ref view.Pairs.Row(keys.Pair);
        var today = e.OccurredAt.UnixDays;
        pair.LastSeen = Math.Max(pair.LastSeen, login.At);
        view.Pairs.MarkDirty(keys.Pair);
        if (pair.LastSuccessDay == today) return;
        pair.LastSuccessDay = today;
        pair.Successes.Add(login.At, 1, ReputationRow.HalfLife);
        Praise(view, keys.Address, login.At);
        Praise(view, keys.Network, login.At);
        Praise(view, keys.Asn, login.At);
    }

    private static void Introduce(in EventKeys keys, uint at, bool isService, StateView view)
    {
        if (keys.Skeleton >= 0 && view.Skeletons.Row(keys.Skeleton).See((ulong)keys.SubjectKey, keys.NameTag, at, isService)) view.Skeletons.MarkDirty(keys.Skeleton);
    }

    private static void FailAt(StateView view, int slot, ulong name, uint now, bool unknownName)
    {
        if (slot < 0) return;
        ref var row = ref view.Reputation.Row(slot);
        row.Failures.Add(now, 1, ReputationRow.HalfLife);
        if (unknownName) row.UnknownNames.Add(now, 1, ReputationRow.HalfLife);
        row.FailedNames.Add(name, now, ReputationRow.FailedNamesEpoch);
        See(ref row, now);
        view.Reputation.MarkDirty(slot);
    }

    private static void Login(StateView view, int slot, UInt128 subject, uint now)
    {
        if (slot < 0) return;
        ref var row = ref view.Reputation.Row(slot);
        row.Logins.Add(now, 1, ReputationRow.HalfLife);
        row.Subjects.Add((ulong)subject, now, ReputationRow.SubjectsEpoch);
        See(ref row, now);
        view.Reputation.MarkDirty(slot);
    }

    private static void Praise(StateView view, int slot, uint now)
    {
        if (slot < 0) return;
        view.Reputation.Row(slot).Successes.Add(now, 1, ReputationRow.HalfLife);
    }

    private static void See(ref ReputationRow row, uint now)
    {
        if (row.FirstSeen == 0 || now < row.FirstSeen) row.FirstSeen = now;
        if (now > row.LastSeen) row.LastSeen = now;
    }

    private static void CountInCell(StateView view, int slot, ulong address, bool hasAddress, uint now)
    {
        if (slot < 0) return;
        ref var cell = ref view.Names.Row(slot);
        cell.Failures.Add(now, 1, ReputationRow.HalfLife);
        if (hasAddress) cell.Addresses.Add(address, now, ReputationRow.FailedNamesEpoch);
        view.Names.MarkDirty(slot);
    }

    private static ulong Spread(ulong unit)
    {
        var high = Math.BigMul(unit ^ 0x9E3779B97F4A7C15UL, 0xD6E8FEB86659FD93UL, out var low);
        return high ^ low;
    }
}
