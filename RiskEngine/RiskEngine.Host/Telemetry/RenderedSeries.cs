using OpenTelemetry;

namespace RiskEngine.Host.Telemetry;

/// <summary>Name and labels of one series as they are written before each of its numbers, and the tags that they were made of.</summary>
internal readonly struct RenderedSeries
{
    private readonly KeyValuePair<string, object?>[] _tags;

    public RenderedSeries(in ReadOnlyTagCollection tags, string labels, byte[][] starts)
    {
        _tags = new KeyValuePair<string, object?>[tags.Count];
        var i = 0;
        foreach (var tag in tags) _tags[i++] = tag;
        (Labels, Starts) = (labels, starts);
    }

    /// <summary>Gets what stands between the braces.</summary>
    public string Labels { get; }

    /// <summary>Gets what stands before each number, the space included: of a histogram its buckets, sum and count; of others the only one.</summary>
    public byte[][] Starts { get; }

    /// <summary>Whether it was made of these very tags; others with the same text are told to be others, which costs time and nothing else.</summary>
    public bool IsOf(in ReadOnlyTagCollection tags)
    {
        if (tags.Count != _tags.Length) return false;
        var i = 0;
        foreach (var (name, value) in tags)
        {
            if (!ReferenceEquals(name, _tags[i].Key) || !ReferenceEquals(value, _tags[i].Value)) return false;
            i++;
        }

        return true;
    }
}
