using RiskEngine.Core.Events;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Copies single events from one batch to another, each with its own texts only.</summary>
internal static class EventCopy
{
    /// <returns>The copy, to be changed; holds until the next event is added.</returns>
    public static ref LoginEvent Append(EventBatch from, int index, EventBatch to)
    {
        ref var added = ref to.Add(from.Positions[index]);
        added = from[index];
        added.Id = Copy(added.Id);
        added.KindText = Copy(added.KindText);
        added.Tenant = Copy(added.Tenant);
        added.SubjectId = Copy(added.SubjectId);
        added.SubjectName = Copy(added.SubjectName);
        added.Groups = CopyList(added.Groups);
        added.UserAgent = Copy(added.UserAgent);
        added.DeviceId = Copy(added.DeviceId);
        added.RequestId = Copy(added.RequestId);
        added.Application = Copy(added.Application);
        added.AuthMethod = Copy(added.AuthMethod);
        added.Mfa = CopyList(added.Mfa);
        added.Reason = Copy(added.Reason);
        added.City = Copy(added.City);
        added.AsnOrganisation = Copy(added.AsnOrganisation);
        return ref added;

        Slice Copy(Slice text) => to.Append(from.Text(text));

        SliceRange CopyList(SliceRange range)
        {
            var start = to.ListCount;
            foreach (var text in from.List(range)) to.AppendToList(Copy(text));
            return new SliceRange(start, range.Count);
        }
    }
}
