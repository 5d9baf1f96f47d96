using OpenTelemetry;

namespace RiskEngine.Host.Telemetry;

/// <summary>Name and labels of one series as they are written, and the tags that they were made of.</summary>
internal readonly struct RenderedSample
{
    private readonly KeyValuePair<string, object?>[] _tags;

    public RenderedSample(in ReadOnlyTagCollection tags, byte[] bytes)
    {
        _tags = new KeyValuePair<string, object?>[tags.Count];
        var i = 0;
        foreach (var tag in tags) _tags[i++] = tag;
        Bytes = bytes;
    }

    /// <summary>Gets what stands before the number, the space included.</summary>
    public byte[] Bytes { get; }

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
