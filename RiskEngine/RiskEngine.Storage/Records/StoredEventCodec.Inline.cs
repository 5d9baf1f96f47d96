namespace RiskEngine.Storage.Records;

/// <summary>The same form with every text in it, for a store that keeps no numbers of texts.</summary>
internal sealed partial class StoredEventCodec
{
    /// <summary>Copies an event and writes each text in the place of its number. What the bytes say is the same.</summary>
    /// <exception cref="FormatException">The bytes are no such record, or one of a newer version.</exception>
    public void Inline(ReadOnlySpan<byte> bytes, ByteBuffer to)
    {
        try
        {
            InlineEvent(new ByteReader(bytes), to);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("A stored event is damaged.", exception);
        }
    }

    private void InlineEvent(ByteReader from, ByteBuffer to)
    {
        var version = from.Byte();
        if (version is < OldestVersion or > Version) throw new FormatException($"A stored event has version {version}, this build reads up to {Version}.");
        var flags = from.Byte();
        to.Byte(version);
        to.Byte(flags);
        to.Varint(from.Varint());
        to.Byte(from.Byte());
        InlineTexts(ref from, to, 2);
        for (var text = 0; text < 4; text++) to.Text(from.Text());
        InlineTexts(ref from, to, 3);
        to.Text(from.Text());
        to.Varint(from.Varint());
        to.Varint(from.Varint());
        if ((flags & Judged) == 0) return;
        InlineAssessment(ref from, to);
        if (version > OldestVersion) InlineKnown(ref from, to);
    }

    private void InlineAssessment(ref ByteReader from, ByteBuffer to)
    {
        to.Byte(from.Byte());
        to.Varint(from.Varint());
        CopyNumbers(ref from, to, 2);
        InlineTexts(ref from, to, 5);
        var signals = from.Varint();
        to.Varint(signals);
        for (var signal = 0UL; signal < Math.Min(signals, 256); signal++)
        {
            to.Byte(from.Byte());
            CopyNumbers(ref from, to, 5);
            InlineTexts(ref from, to, 1);
        }
    }

    private void InlineKnown(ref ByteReader from, ByteBuffer to)
    {
        for (var part = 0; part < 4; part++) to.Byte(from.Byte());
        to.Varint(from.Varint());
        to.Varint(from.Varint());
        CopyNumbers(ref from, to, 4);
        InlineTexts(ref from, to, 1);
        to.Varint(from.Varint());
        for (var list = 0; list < 2; list++)
        {
            var count = from.Varint();
            if (count > LongestList) throw new FormatException("A stored event is damaged: no list is as long.");
            to.Varint(count);
            InlineTexts(ref from, to, (int)count);
        }
    }

    private void InlineTexts(ref ByteReader from, ByteBuffer to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var number = (int)from.Varint() - 1;
            to.Varint(number < 0 ? 0UL : 1);
            if (number >= 0) to.Text(number == 0 ? from.Text() : texts.Bytes(number).Span);
        }
    }

    private static void CopyNumbers(ref ByteReader from, ByteBuffer to, int count)
    {
        for (var i = 0; i < count; i++) WriteNumber(to, ReadNumber(ref from));
    }
}
