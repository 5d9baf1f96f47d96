using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>An engine on a store in memory, fed with events by hand.</summary>
internal sealed class Judging : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly Recorder _recorder = new();
    private readonly JudgeLoop _loop;
    private int _nextId;

    private readonly IStateStore? _given;

    /// <param name="state">The store to judge with, which outlives this; null for one in memory.</param>
    public Judging(PolicyMode mode = PolicyMode.Enforce, IPipelineObserver? first = null, IStateStore? state = null, SafetyValveSettings? valve = null, PipelineSettings? settings = null,
        IDetector? detector = null, IOutboxSubscription? subscription = null)
    {
        _given = state;
        var store = state ?? Store;
        var engine = Some.Engine(store.Hash, CompiledPolicy.Compile(DefaultPolicy.Definition with { Mode = mode }), detector is null ? null : [detector], valve, subscription is null ? null : [subscription]);
        _loop = new JudgeLoop(store, new EngineReference(engine), settings ?? new PipelineSettings(), first is null ? [_recorder] : [first, _recorder]);
    }

    /// <summary>One that knows the subject 42 from its laptop at home: twelve logins, one every twelve hours until noon.</summary>
    public static async Task<Judging> EstablishedAsync()
    {
        var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(1, 12).Select(day => new Login("42", -TimeSpan.FromHours(12 * (13 - day))))]);
        return judging;
    }

    public InMemoryStateStore Store { get; } = new(new InMemoryStoreSettings(), TimeProvider.System);

    /// <summary>Gets a line for every assessment so far, in order.</summary>
    public List<string> Lines => _recorder.Lines;

    public Exception? ObserverFailure => _loop.ObserverFailure;

    public List<AssessmentRecord> Assessments => _recorder.Assessments;

    public EventBatch Batch(params Login[] logins)
    {
        var batch = new EventBatch();
        foreach (var login in logins) login.AddTo(batch, $"e{_nextId++}");
        return batch;
    }

    public Task<SubmitResult> SubmitAsync(params Login[] logins) => _loop.SubmitAsync(Batch(logins), "test", null, CancellationToken.None);

    public Task<SubmitResult> SubmitAsync(EventBatch batch, CancellationToken cancellationToken = default) => _loop.SubmitAsync(batch, "test", null, cancellationToken);

    public Task<SubmitResult> SubmitAsync(SubmissionOrder? order, params Login[] logins) => order is null ? SubmitAsync(logins) : SubmitAsync(Batch(logins), order, CancellationToken.None);

    public Task<SubmitResult> SubmitAsync(EventBatch batch, SubmissionOrder order, CancellationToken cancellationToken) => _loop.SubmitInOrderAsync(batch, "test", order, cancellationToken);

    public SubmissionFailures Failures => _loop.Failures;

    /// <summary>Waits until everything that was submitted is done with; nothing is taken afterwards.</summary>
    public ValueTask FinishAsync() => _loop.DisposeAsync();

    public async Task<AssessmentRecord> EvaluateAsync(Login login)
    {
        var result = default(AssessmentRecord);
        await _loop.EvaluateAsync(Batch(login), effects => result = effects[0], CancellationToken.None);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        if (_given is null) await Store.DisposeAsync();
    }

    private sealed class Recorder : IPipelineObserver
    {
        public List<string> Lines { get; } = [];

        public List<AssessmentRecord> Assessments { get; } = [];

        public void Committed(Effects effects, in BatchTiming timing)
        {
            for (var i = 0; i < effects.Count; i++)
            {
                Assessments.Add(effects[i]);
                if (!effects[i].Judged) continue;
                using var stream = new MemoryStream();
                using (var writer = new System.Text.Json.Utf8JsonWriter(stream)) AssessmentJson.Write(writer, effects, i);
                Lines.Add(Encoding.UTF8.GetString(stream.ToArray()));
            }
        }
    }
}

/// <summary>Cannot bear one subject.</summary>
internal sealed class BreakingDetector(string subject) : IDetector
{
    public SignalCode Code => SignalCode.NewDevice;

    public Signal? Detect(in LoginContext context) =>
        context.Batch.String(context.Event.SubjectId) == subject ? throw new InvalidOperationException("Nobody thought of this.") : null;
}

/// <summary>One event to submit.</summary>
internal sealed record Login(string Subject, TimeSpan After, string Address = "203.0.113.7", EventKind Kind = EventKind.Login)
{
    public string? Id { get; init; }

    public string Country { get; init; } = "DE";

    public uint Asn { get; init; } = 64500;

    public string DeviceId { get; init; } = "laptop";

    public string[] Mfa { get; init; } = [];

    public byte[] UserAgent { get; init; } = [.. "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"u8];

    /// <summary>What a stranger brings.</summary>
    public static byte[] OtherUserAgent => [.. "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"u8];

    public bool Probe { get; init; }

    public bool UnknownName { get; init; }

    public string Name { get; init; } = "";

    public bool IsService { get; init; }

    /// <summary>The use of a service account's token from a network.</summary>
    public static Login ByToken(int hours, uint asn) => new("svc", TimeSpan.FromHours(hours), Kind: EventKind.TokenUsed) { Asn = asn };

    public void AddTo(EventBatch batch, string defaultId)
    {
        var id = batch.Append(Encoding.UTF8.GetBytes(Id ?? defaultId));
        var subject = batch.Append(Encoding.UTF8.GetBytes(Subject));
        var name = batch.Append(Encoding.UTF8.GetBytes(Name));
        var device = batch.Append(Encoding.UTF8.GetBytes(DeviceId));
        var userAgent = batch.Append(UserAgent);
        var start = batch.ListCount;
        foreach (var factor in Mfa) batch.AppendToList(batch.Append(Encoding.UTF8.GetBytes(factor)));
        ref var e = ref batch.Add(new SourcePosition(0, 0, batch.Count));
        e.Id = id;
        e.OccurredAt = EventTime.From(Judging.Noon + After);
        e.Kind = Kind;
        if (UnknownName) e.SubjectName = subject;
        else (e.SubjectId, e.SubjectName) = (subject, name);
        e.ServiceAccount = IsService;
        e.SubjectIsUnknown = UnknownName;
        e.SourceIp = Address.Length == 0 ? default : IpAddress.Parse(Address);
        e.Country = Country.Length == 0 ? default : CountryCode.Parse(Country);
        e.Asn = Asn;
        e.DeviceId = device;
        e.UserAgent = userAgent;
        e.Mfa = new SliceRange(start, Mfa.Length);
        e.Probe = Probe;
    }
}
