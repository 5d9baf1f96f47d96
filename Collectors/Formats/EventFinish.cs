using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>The last touches that all formats give an event: the id it lacks, the name that must not be kept.</summary>
internal sealed class EventFinish(FormatContext context)
{
    private readonly UInt128 _source = context.Hash.Hash(Encoding.UTF8.GetBytes(context.SourceName));

    /// <summary>Derives an id from the content, the source's name and the place, so that two equal lines are two events and a file read again is not new.</summary>
    /// <remarks>Also the last to see whose account it is: an account whose id or name begins as pseudonyms do is told from them.</remarks>
    public void GiveId(EventBatch batch, ref LoginEvent added, ReadOnlySpan<byte> content, in SourcePosition position, int index = 0)
    {
        if (added.Id.IsEmpty) added.Id = batch.AppendDerivedId(context.Hash, content, _source, position.Partition, position.Offset, index);
        added.SubjectId = batch.Escaped(added.SubjectId);
        if (!added.SubjectIsUnknown) added.SubjectName = batch.Escaped(added.SubjectName);
    }

    /// <summary>Derives an id from the content alone, for sources that write something unique into it.</summary>
    public void GiveIdFromContent(EventBatch batch, ref LoginEvent added, ReadOnlySpan<byte> content) =>
        added.Id = batch.AppendDerivedId(context.Hash, content, default, 0, 0, 0);

    /// <summary>Replaces the name of an account that does not exist by its pseudonym.</summary>
    public void HideName(EventBatch batch, ref LoginEvent added)
    {
        var name = added.SubjectName;
        added.SubjectIsUnknown = true;
        added.SubjectName = batch.AppendUnknownName(context.NameHash, batch.Text(name));
        batch.Erase(name);
    }

    /// <summary>Names an account that does not exist by what the source gives instead.</summary>
    public void NameUnknown(EventBatch batch, ref LoginEvent added, ReadOnlySpan<byte> name)
    {
        added.SubjectIsUnknown = true;
        added.SubjectName = batch.AppendUnknownName(context.NameHash, name);
    }

    /// <summary>Keeps the hash of a session id and nothing else of it.</summary>
    public void KeepSession(EventBatch batch, ref LoginEvent added, Slice sessionId)
    {
        added.Session = sessionId.IsEmpty ? default : context.SessionOf(batch.Text(sessionId));
        if (!sessionId.IsEmpty) batch.Erase(sessionId);
    }

    /// <summary>Sets the place that a source gave, or takes back all that it said of one where the country cannot be one.</summary>
    public static void Place(ref LoginEvent added, double? latitude, double? longitude)
    {
        if (added.GeoRefused) added.City = default;
        else if (latitude is not null && longitude is not null) (added.Latitude, added.Longitude) = ((float)latitude.Value, (float)longitude.Value);
    }

    /// <summary>Whether a reason in the canonical event means that there is no such account.</summary>
    public static bool SaysUnknown(ReadOnlySpan<byte> reason) =>
        reason.SequenceEqual("unknown_user"u8) || reason.SequenceEqual("invalid_user"u8) || reason.SequenceEqual("user_not_found"u8);
}
