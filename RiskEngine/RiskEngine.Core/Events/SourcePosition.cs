namespace RiskEngine.Core.Events;

/// <summary>Where an event came from: enough to acknowledge it and to tell two equal lines apart.</summary>
/// <param name="Source">Number of the source, given out by whoever runs the collectors.</param>
/// <param name="Partition">Partition within the source; 0 where there is only one.</param>
/// <param name="Offset">Byte offset of the record in a file, index in a request, offset in a topic.</param>
public readonly record struct SourcePosition(int Source, int Partition, long Offset);
