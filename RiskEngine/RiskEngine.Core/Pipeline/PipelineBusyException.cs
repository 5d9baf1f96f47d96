namespace RiskEngine.Core.Pipeline;

/// <summary>There was no room in the pipeline within the time-out; nothing of the submission was taken.</summary>
public sealed class PipelineBusyException() : Exception("The pipeline is busy: its queue stayed full. Send the events again later.");
