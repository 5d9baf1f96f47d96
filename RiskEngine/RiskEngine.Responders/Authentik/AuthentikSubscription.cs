using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Authentik;

/// <summary>What authentik is to do: about people in whose name somebody got in who should not have, and about addresses that people release.</summary>
/// <remarks>
/// Only what got in counts: a guess, however often it is made, changes nothing at an account, or whoever knows a name could lock its owner out.
/// A person is at risk by an enforced decision or by the word <c>compromised</c>, and no longer by the word <c>safe</c> or the release of a block on him.
/// </remarks>
public sealed class AuthentikSubscription(AuthentikActs acts, KeyedHash hash) : IOutboxSubscription
{
    private const ulong Tweak = 0x61757468;

    public DecisionAction MinimumAction => acts.MinimumAction;

    public void Decided(Effects effects, int index, ICollection<OutboxItem> owed)
    {
        ref readonly var assessment = ref effects[index];
        ref readonly var e = ref effects.Batch[index];
        if (!assessment.Enforced || assessment.Action < acts.MinimumAction || !GotIn(e.Kind) || e.SubjectIsUnknown) return;
        var act = new AuthentikAct
        {
            UserId = effects.Batch.String(e.SubjectId), UserName = effects.Batch.String(e.SubjectName), Address = e.SourceIp.IsUnknown ? "" : e.SourceIp.ToString(),
            EventId = effects.Batch.String(e.Id), Score = Math.Round(assessment.Score, 2), Why = assessment.Action.Name(),
        };
        AtRisk(act, e.Tenant.IsEmpty ? "default" : effects.Batch.String(e.Tenant), owed);
    }

    public void Blocked(Block block, ICollection<OutboxItem> owed)
    {
        // A block is obeyed where logins are decided; nothing has to be done for it at authentik.
    }

    public void Released(Block block, EventTime at, ICollection<OutboxItem> owed)
    {
        var address = block.Scope == BlockScope.Ip ? block.Value : block.Scope == BlockScope.Pair ? block.Value[(block.Value.LastIndexOf('@') + 1)..] : "";
        if (acts.ForgetReputation && address.Length > 0)
            owed.Add(Item(AuthentikAct.ForgetReputation, new AuthentikAct { Address = address }, $"address/{Short(address)}", $"{block.Id}", SubjectHandle.Of(hash, block)));
        if (SubjectHandle.NameIn(block) is not { } name) return;
        var isId = name.All(char.IsAsciiDigit);
        Membership(new AuthentikAct { UserId = isId ? name : "", UserName = isId ? "" : name, Why = "released" }, block.Tenant, isIn: false, $"{block.Id}", owed);
    }

    public void Labelled(StoredEvent stored, Feedback feedback, ICollection<OutboxItem> owed)
    {
        if (feedback.Label == FeedbackLabel.Dismissed || Pseudonyms.IsPseudonym(Encoding.UTF8.GetBytes(stored.SubjectName))) return;
        var act = new AuthentikAct
        {
            UserId = stored.SubjectId, UserName = stored.SubjectName, Address = stored.SourceIp.IsUnknown ? "" : stored.SourceIp.ToString(), EventId = stored.EventId, Why = feedback.Label.Name(),
        };
        if (feedback.Label == FeedbackLabel.Compromised) AtRisk(act, stored.Tenant, owed, feedback.At.ToString());
        else Membership(act, stored.Tenant, isIn: false, $"{stored.EventId}/{feedback.At}", owed);
    }

    /// <summary>Whether an event of that kind means that somebody is in.</summary>
    private static bool GotIn(EventKind kind) => kind.IsJudged() && kind is not (EventKind.LoginFailed or EventKind.LoginAttempt or EventKind.MfaFailed);

    private void AtRisk(AuthentikAct act, string tenant, ICollection<OutboxItem> owed, string again = "")
    {
        var subject = Handle(act, tenant);
        var once = $"{act.EventId}/{again}";
        Membership(act, tenant, isIn: true, once, owed);
        if (acts.EndSessions == EndedSessions.All || (acts.EndSessions == EndedSessions.Login && act.Address.Length > 0))
            owed.Add(Item(AuthentikAct.EndSessions, act with { Wish = acts.EndSessions == EndedSessions.All }, $"sessions/{subject:x32}", once, subject));
        if (acts.Deactivate) owed.Add(Item(AuthentikAct.Deactivate, act, $"account/{subject:x32}", once, subject));
        if (acts.SuspiciousRequest) owed.Add(Item(AuthentikAct.SuspiciousRequest, act, $"event/{subject:x32}", once, subject));
    }

    private void Membership(AuthentikAct act, string tenant, bool isIn, string once, ICollection<OutboxItem> owed)
    {
        if (!acts.Membership) return;
        var subject = Handle(act, tenant);
        owed.Add(Item(AuthentikAct.Membership, act with { Wish = isIn }, $"membership/{subject:x32}", $"{once}/{isIn}", subject) with { IsLatestWish = true });
    }

    private UInt128 Handle(AuthentikAct act, string tenant) => SubjectHandle.Of(hash, tenant, act.UserId.Length > 0 ? act.UserId : act.UserName);

    private string Short(string text) => hash.Hash(Encoding.UTF8.GetBytes(text), Tweak).ToString("x32", CultureInfo.InvariantCulture);

    private OutboxItem Item(string kind, AuthentikAct act, string order, string once, UInt128? subject) => new()
    {
        Responder = AuthentikTarget.ResponderName, OrderKey = order, Kind = kind, IdempotencyKey = Short($"{kind}\0{order}\0{once}"), Payload = act.ToBytes(), Subject = subject,
    };
}
