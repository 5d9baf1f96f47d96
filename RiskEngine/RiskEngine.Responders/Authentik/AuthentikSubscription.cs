using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Authentik;

/// <summary>What authentik is to do: about people in whose name somebody got in who should not have, and about addresses that people release.</summary>
/// <remarks>
/// Only what got in counts: a guess, however often it is made, changes nothing at an account, or whoever knows a name could lock its owner out.
/// A person is at risk by an enforced decision or by the word <c>compromised</c>, and no longer by the word <c>safe</c> or the release of a block on him.
/// Only of the tenant that authentik's own events have: a number of another tenant is somebody else at authentik.
/// </remarks>
public sealed class AuthentikSubscription(AuthentikActs acts, KeyedHash hash) : IOutboxSubscription
{
    private const string Tenant = "default";
    private const ulong Tweak = 0x61757468;

    /// <summary>Event time within which one event is written about a person, however much he does; events of it may come late.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10), LateEvents = TimeSpan.FromHours(1);

    public DecisionAction MinimumAction => acts.MinimumAction;

    public void Decided(Effects effects, int index, ICollection<OutboxItem> owed)
    {
        ref readonly var assessment = ref effects[index];
        ref readonly var e = ref effects.Batch[index];
        if (!assessment.Enforced || assessment.Action < acts.MinimumAction || !GotIn(e.Kind) || e.SubjectIsUnknown || !(e.Tenant.IsEmpty || IsOurs(effects.Batch.String(e.Tenant)))) return;
        var act = new AuthentikAct
        {
            UserId = effects.Batch.String(e.SubjectId), UserName = effects.Batch.String(e.SubjectName), Address = e.SourceIp.IsUnknown ? "" : e.SourceIp.ToString(),
            EventId = effects.Batch.String(e.Id), Score = Math.Round(assessment.Score, 2), Why = assessment.Action.Name(),
        };
        AtRisk(act, act.EventId, $"{e.OccurredAt.UnixMilliseconds / (long)Window.TotalMilliseconds}", Window + LateEvents, owed);
    }

    public void Blocked(Block block, ICollection<OutboxItem> owed)
    {
        // A block is obeyed where logins are decided; nothing has to be done for it at authentik.
    }

    public void Released(Block block, EventTime at, ICollection<OutboxItem> owed)
    {
        if (!IsOurs(block.Tenant)) return;
        var address = block.Scope == BlockScope.Ip ? block.Value : block.Scope == BlockScope.Pair ? block.Value[(block.Value.LastIndexOf('@') + 1)..] : "";
        if (acts.ForgetReputation && address.Length > 0)
            owed.Add(Item(AuthentikAct.ForgetReputation, new AuthentikAct { Address = address }, $"address/{Short(address)}", $"{block.Id}", SubjectHandle.Of(hash, block)));
        if (SubjectHandle.NameIn(block) is not { } name) return;
        var isId = name.All(char.IsAsciiDigit);
        Membership(new AuthentikAct { UserId = isId ? name : "", UserName = isId ? "" : name, Why = "released" }, isIn: false, $"{block.Id}", owed);
    }

    public void Labelled(StoredEvent stored, Feedback feedback, ICollection<OutboxItem> owed)
    {
        if (feedback.Label == FeedbackLabel.Dismissed || !IsOurs(stored.Tenant) || Pseudonyms.IsPseudonym(Encoding.UTF8.GetBytes(stored.SubjectName))) return;
        var act = new AuthentikAct
        {
            UserId = stored.SubjectId, UserName = stored.SubjectName, Address = stored.SourceIp.IsUnknown ? "" : stored.SourceIp.ToString(), EventId = stored.EventId, Why = feedback.Label.Name(),
        };
        var once = $"{stored.EventId}/{feedback.At}";
        if (feedback.Label == FeedbackLabel.Compromised) AtRisk(act, once, once, TimeSpan.Zero, owed);
        else Membership(act, isIn: false, once, owed);
    }

    /// <summary>Whether an event of that kind means that somebody is in.</summary>
    private static bool GotIn(EventKind kind) => kind.IsJudged() && kind is not (EventKind.LoginFailed or EventKind.LoginAttempt or EventKind.MfaFailed);

    private static bool IsOurs(string tenant) => tenant == Tenant;

    /// <param name="once">What a repetition of the acts is told by.</param>
    /// <param name="written">The same of the event that is written, and for how long such a one is not written again.</param>
    private void AtRisk(AuthentikAct act, string once, string written, TimeSpan onceFor, ICollection<OutboxItem> owed)
    {
        var subject = Handle(act);
        Membership(act, isIn: true, once, owed);
        if (acts.EndSessions == EndedSessions.All) owed.Add(Wish(AuthentikAct.EndSessions, act with { Wish = true }, $"sessions/{subject:x32}", once, subject));
        if (acts.EndSessions == EndedSessions.Login && act.Address.Length > 0)
            owed.Add(Wish(AuthentikAct.EndSessions, act, $"sessions/{subject:x32}/{Short(act.Address)}", once, subject));
        if (acts.Deactivate) owed.Add(Wish(AuthentikAct.Deactivate, act, $"account/{subject:x32}", once, subject));
        if (acts.SuspiciousRequest) owed.Add(Item(AuthentikAct.SuspiciousRequest, act, $"event/{subject:x32}", written, subject) with { OnceFor = onceFor });
    }

    private void Membership(AuthentikAct act, bool isIn, string once, ICollection<OutboxItem> owed)
    {
        if (!acts.Membership) return;
        var subject = Handle(act);
        owed.Add(Wish(AuthentikAct.Membership, act with { Wish = isIn }, $"membership/{subject:x32}", $"{once}/{isIn}", subject));
    }

    private UInt128 Handle(AuthentikAct act) => SubjectHandle.Of(hash, Tenant, act.UserId.Length > 0 ? act.UserId : act.UserName);

    private string Short(string text) => hash.Hash(Encoding.UTF8.GetBytes(text), Tweak).ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>An item that stands for those of before that still wait: somebody who does a thousand things at risk is acted on once.</summary>
    private OutboxItem Wish(string kind, AuthentikAct act, string order, string once, UInt128? subject) => Item(kind, act, order, once, subject) with { IsLatestWish = true };

    private OutboxItem Item(string kind, AuthentikAct act, string order, string once, UInt128? subject) => new()
    {
        Responder = AuthentikTarget.ResponderName, OrderKey = order, Kind = kind, IdempotencyKey = Short($"{kind}\0{order}\0{once}"), Payload = act.ToBytes(), Subject = subject,
    };
}
