namespace RiskEngine.Core.Events;

/// <summary>A piece of text: where its UTF-8 bytes lie in the buffer of an <see cref="EventBatch"/>. The default value means "not given".</summary>
public readonly record struct Slice(int Offset, int Length)
{
    /// <summary>Gets whether there is no text.</summary>
    public bool IsEmpty => Length == 0;
}

/// <summary>Several texts of one event (groups, factors): where they lie in the list of slices of an <see cref="EventBatch"/>.</summary>
public readonly record struct SliceRange(int Start, int Count);
