using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Everything that taking events, or a question, needs for the time of one request: reused, so that a request allocates next to nothing.</summary>
/// <remarks>Not thread-safe: one request owns it at a time.</remarks>
internal sealed class Workspace(FormatContext context, IEventFormat authentik) : IDisposable
{
    /// <summary>Events above which a batch is not kept for the next request.</summary>
    private const int KeptEvents = 4096;

    /// <summary>Bytes of text above which it is not kept either: a body of a few events may hold one text of megabytes.</summary>
    private const int KeptText = 1 << 20;

    public BodyBuffer Body { get; } = new();

    public EventBatch Batch { get; private set; } = new(16);

    /// <summary>Gets the index of the element, or line, that each event of the batch came from.</summary>
    public List<int> Origins { get; } = [];

    /// <summary>Gets the first faults found; <see cref="FaultCount"/> counts all.</summary>
    public List<(int Index, Defect Defect)> Faults { get; } = [];

    public int FaultCount { get; private set; }

    public IEventFormat Canonical { get; } = new RiskEngineFormat(context);

    public IEventFormat Authentik { get; } = authentik;

    /// <summary>Gets the canonical format as evaluations have it: a kind and a time may be left out.</summary>
    public IEventFormat Question { get; } = new RiskEngineFormat(context with { EvaluateDefaults = true });

    public ArrayBufferWriter<byte> Output { get; } = new(2048);

    public Utf8JsonWriter Json { get; } = new(Stream.Null);

    /// <summary>Notes a fault; only so many are kept.</summary>
    public void AddFault(int index, in Defect defect, int kept)
    {
        FaultCount++;
        if (Faults.Count < kept) Faults.Add((index, defect));
    }

    /// <summary>Counts faults of which nothing else is told.</summary>
    public void AddUntold(int count) => FaultCount += count;

    /// <summary>Begins to write an answer.</summary>
    public Utf8JsonWriter BeginOutput()
    {
        Output.ResetWrittenCount();
        Json.Reset(Output);
        return Json;
    }

    public void Reset()
    {
        Body.Trim();
        if (Batch.Count > KeptEvents || Batch.TextCapacity > KeptText) Batch = new EventBatch(16);
        else Batch.Clear();
        Origins.Clear();
        Faults.Clear();
        FaultCount = 0;
    }

    public void Dispose()
    {
        Body.Dispose();
        Json.Dispose();
    }
}

/// <summary>Workspaces that wait for a request.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WorkspacePool(ServerParts parts)
{
    private const int Kept = 256;

    private readonly ConcurrentStack<Workspace> _spare = new();

    public Workspace Rent() => _spare.TryPop(out var workspace) ? workspace : new Workspace(parts.Formats, parts.WebhookFormat());

    public void Return(Workspace workspace)
    {
        workspace.Reset();
        if (_spare.Count < Kept) _spare.Push(workspace);
        else workspace.Dispose();
    }
}
