namespace RiskEngine.Core.Facts;

/// <summary>Tells before use whether a database can be trusted: every record of the tree, and a sample of the data.</summary>
/// <param name="Fault">What is wrong, or nothing.</param>
/// <param name="Entries">Records of the tree that lead to data: the measure of how much the database knows.</param>
public readonly record struct MmdbCheck(MmdbFault Fault, int Entries)
{
    private const int Samples = 10_000;

    /// <summary>Reads the tree from end to end, which is linear in its size, and decodes up to 10,000 records evenly spread.</summary>
    public static MmdbCheck Run(MmdbReader reader)
    {
        var entries = 0;
        var nodes = (uint)reader.Metadata.NodeCount;
        for (uint node = 0; node < nodes; node++)
        {
            for (uint bit = 0; bit < 2; bit++)
            {
                var value = reader.Record(node, bit);
                if (value <= nodes) continue;
                if (reader.TryResolve(value, out _) is var beyond and not MmdbFault.None) return new MmdbCheck(beyond, entries);
                entries++;
            }
        }

        if (entries == 0) return new MmdbCheck(MmdbFault.Empty, 0);
        return new MmdbCheck(Sample(reader, nodes, Math.Max(1, entries / Samples)), entries);
    }

    /// <summary>Reads every field of the record, those behind pointers too.</summary>
    public static MmdbFault Decode(MmdbReader reader, int record)
    {
        var decoder = new MmdbDecoder(reader.Data);
        Visit(ref decoder, record, 0, out _);
        return decoder.Fault;
    }

    private static MmdbFault Sample(MmdbReader reader, uint nodes, int every)
    {
        var seen = 0;
        for (uint node = 0; node < nodes; node++)
        {
            for (uint bit = 0; bit < 2; bit++)
            {
                var value = reader.Record(node, bit);
                if (value <= nodes || seen++ % every != 0) continue;
                reader.TryResolve(value, out var record);
                if (Decode(reader, record) is var fault and not MmdbFault.None) return fault;
            }
        }

        return MmdbFault.None;
    }

    private static bool Visit(ref MmdbDecoder decoder, int offset, int depth, out int next)
    {
        next = -1;
        if (depth > MmdbText.MaximumDepth) return decoder.Fail(MmdbFault.TooDeep);
        if (!decoder.TryRead(offset, out var field)) return false;
        next = field.Next;
        if (field.Type is not (MmdbType.Map or MmdbType.Array)) return true;

        var at = field.Payload;
        for (var i = 0; i < field.Size; i++)
        {
            if (field.Type == MmdbType.Map)
            {
                if (!decoder.TryRead(at, out var key)) return false;
                if (key.Type != MmdbType.String) return decoder.Fail(MmdbFault.BadType);
                at = key.Next;
            }

            if (!Visit(ref decoder, at, depth + 1, out at)) return false;
        }

        if (next < 0) next = at;
        return true;
    }
}
