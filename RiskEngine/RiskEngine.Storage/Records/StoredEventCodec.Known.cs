using RiskEngine.Core.Events;

namespace RiskEngine.Storage.Records;

/// <summary>What stands behind the signals from version 2 on: what policies could ask beside.</summary>
internal sealed partial class StoredEventCodec
{
    /// <summary>Groups or factors of one login that are read, at most: as many as events may have.</summary>
    private const ulong LongestList = 4096;

    private void WriteKnown(ByteBuffer to, EventBatch batch, in LoginEvent judged, in JudgedFacts known)
    {
        to.Byte((byte)known.Traits);
        to.Byte(known.Networks);
        to.Byte(known.Attacks);
        to.Byte(known.Feeds);
        to.Varint(known.Logins);
        to.Varint(known.LastLogin);
        WriteNumber(to, known.AddressReputation);
        WriteNumber(to, known.NetworkReputation);
        WriteNumber(to, known.AsnReputation);
        WriteNumber(to, known.PairReputation);
        WriteText(to, batch.Text(judged.Reason));
        to.Varint((ulong)(judged.RoundTripMilliseconds + 1));
        WriteList(to, batch, judged.Groups);
        WriteList(to, batch, judged.Mfa);
    }

    private void ReadKnown(ref ByteReader from, StoredLogin into)
    {
        var known = new JudgedFacts
        {
            Traits = (JudgedTraits)from.Byte(),
            Networks = from.Byte(),
            Attacks = from.Byte(),
            Feeds = from.Byte(),
            Logins = (uint)from.Varint(),
            LastLogin = (uint)from.Varint(),
            AddressReputation = (float)ReadNumber(ref from),
            NetworkReputation = (float)ReadNumber(ref from),
            AsnReputation = (float)ReadNumber(ref from),
            PairReputation = (float)ReadNumber(ref from),
        };
        into.Known = known;
        ref var login = ref into.Event;
        login.ServiceAccount = (known.Traits & JudgedTraits.ServiceAccount) != JudgedTraits.None;
        login.SubjectIsUnknown = (known.Traits & JudgedTraits.SubjectUnknown) != JudgedTraits.None;
        login.KnownDevice = (known.Traits & JudgedTraits.DeviceTold) == JudgedTraits.None ? null : (known.Traits & JudgedTraits.DeviceKnown) != JudgedTraits.None;
        // Which session it was is not kept; that there was one is what fields ask.
        login.Session = (known.Traits & JudgedTraits.SessionTold) != JudgedTraits.None ? 1UL : 0;
        login.Reason = CopyText(ref from, into.Batch);
        login.RoundTripMilliseconds = (int)from.Varint() - 1;
        login.Groups = ReadList(ref from, into.Batch);
        login.Mfa = ReadList(ref from, into.Batch);
    }

    private void WriteList(ByteBuffer to, EventBatch batch, SliceRange list)
    {
        to.Varint((ulong)list.Count);
        foreach (var text in batch.List(list)) WriteText(to, batch.Text(text));
    }

    private SliceRange ReadList(ref ByteReader from, EventBatch batch)
    {
        var count = from.Varint();
        if (count > LongestList) throw new FormatException("A stored event is damaged: no list is as long.");
        var start = batch.ListCount;
        for (var i = 0UL; i < count; i++) batch.AppendToList(CopyText(ref from, batch));
        return new SliceRange(start, (int)count);
    }
}
