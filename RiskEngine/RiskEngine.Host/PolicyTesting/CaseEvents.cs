using System.Text;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.PolicyTesting;

/// <summary>Turns events of a case into a batch.</summary>
internal static class CaseEvents
{
    /// <summary>When an event under test happens that says nothing else: noon of a Monday.</summary>
    private static readonly EventTime Noon = EventTime.From(new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));

    public static EventTime TimeOf(PolicyTestCase tested) => tested.Event.OccurredAt ?? Noon;

    /// <summary>The event under test.</summary>
    public static EventBatch Tested(PolicyTestCase tested, KeyedHash hash)
    {
        var batch = new EventBatch(1);
        Add(batch, tested.Event, "event", TimeOf(tested), hash);
        return batch;
    }

    /// <summary>What happened before, oldest first.</summary>
    public static EventBatch History(PolicyTestCase tested, KeyedHash hash)
    {
        var batch = new EventBatch();
        var events = tested.History.SelectMany((past, i) => Enumerable.Range(0, past.Times).Select(time =>
            (Event: past, Id: $"history-{i}-{time}", At: (past.OccurredAt ?? (TimeOf(tested) - past.Ago!.Value)) + TimeSpan.FromSeconds(time))));
        foreach (var (past, id, at) in events.OrderBy(past => past.At)) Add(batch, past, id, at, hash);
        return batch;
    }

    private static void Add(EventBatch batch, TestedEvent tested, string id, EventTime at, KeyedHash hash)
    {
        var (groups, factors) = (List(batch, tested.Subject.Groups), List(batch, tested.Mfa));
        var texts = (
            Id: Text(batch, id), Tenant: Text(batch, tested.Tenant), Subject: Text(batch, tested.Subject.Id), Name: Text(batch, tested.Subject.Name), Agent: Text(batch, tested.UserAgent),
            Device: Text(batch, tested.DeviceId), Application: Text(batch, tested.Application), Method: Text(batch, tested.AuthMethod), Reason: Text(batch, tested.Reason));
        ref var added = ref batch.Add(new SourcePosition(0, 0, batch.Count));
        (added.Id, added.Tenant, added.SubjectId, added.SubjectName, added.UserAgent) = (texts.Id, texts.Tenant, texts.Subject, texts.Name, texts.Agent);
        (added.DeviceId, added.Application, added.AuthMethod, added.Reason) = (texts.Device, texts.Application, texts.Method, texts.Reason);
        (added.Groups, added.Mfa, added.OccurredAt, added.Kind) = (groups, factors, at, tested.Kind);
        (added.ServiceAccount, added.SubjectIsUnknown, added.KnownDevice, added.Probe) = (tested.Subject.ServiceAccount, tested.Subject.Unknown, tested.KnownDevice, tested.Probe);
        (added.Country, added.Asn, added.RoundTripMilliseconds) = (tested.Geo.Country, tested.Asn.Number, tested.RoundTripMs ?? -1);
        if (tested.SourceIp is { } address) added.SourceIp = IpAddress.Parse(address);
        if (tested.SessionId is { } session) added.Session = hash.Hash(Encoding.UTF8.GetBytes(session));
    }

    private static Slice Text(EventBatch batch, string? text) => text is null ? default : batch.Append(Encoding.UTF8.GetBytes(text));

    private static SliceRange List(EventBatch batch, IReadOnlyList<string> texts)
    {
        Slice[] slices = [.. texts.Select(text => Text(batch, text))];
        var start = batch.ListCount;
        foreach (var slice in slices) batch.AppendToList(slice);
        return new SliceRange(start, slices.Length);
    }
}
