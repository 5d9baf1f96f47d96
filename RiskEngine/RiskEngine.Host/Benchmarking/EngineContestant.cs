using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Benchmarking.Fitting;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Replaying;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>The engine that serves, judging the stream as it would a file: the same loop, memory for state.</summary>
/// <remarks>
/// The loop is closed: an honest login that was to be challenged is followed three seconds later by a passed challenge of the same subject, address, device
/// and request, since honest people pass; an attacker's is not. Probes are judged and leave no trace, as the event itself says. The score is the log-odds.
/// </remarks>
internal sealed class EngineContestant : IContestant, IPipelineObserver
{
    private static readonly TimeSpan TimeToPass = TimeSpan.FromSeconds(3);

    private readonly OpenStore _store;
    private readonly JudgeLoop _loop;
    private readonly EventBatch _batch = new();
    private readonly EventBatch _passed = new(64);
    private readonly FitCollector? _fit;
    private (double LogOdds, DecisionAction Action)[] _assessments = [];
    private IReadOnlyList<BenchmarkCase> _cases = [];
    private int _first;

    /// <param name="weights">What signals count in the place of what the settings name; null for that.</param>
    /// <param name="fit">Told what was seen of every login; null for nobody.</param>
    /// <exception cref="Cli.CommandFailure">The policy or a setting is faulty.</exception>
    public EngineContestant(string name, RiskEngineSettings settings, FactSnapshot facts, WeightsFile? weights = null, FitCollector? fit = null)
    {
        (Name, _fit) = (name, fit);
        _store = Stores.Memory(keepsAssessments: false);
        var engine = EngineParts.Build(settings, facts, _store.State.Hash, weights);
        ModelVersion = engine.Snapshot.ModelVersion;
        _loop = new JudgeLoop(_store.State, new EngineReference(engine), Replay.Pipeline, [this]);
    }

    public string Name { get; }

    public string ModelVersion { get; }

    /// <summary>Gets the secret of its store, which every store in memory has: what formats make pseudonyms with.</summary>
    public KeyedHash Hash => _store.State.Hash;

    public async ValueTask ScoreAsync(CaseChunk chunk, Memory<double> scores)
    {
        _batch.Clear();
        _batch.AppendAll(_passed);
        _batch.AppendAll(chunk.Events);
        (_first, _cases) = (_passed.Count, chunk.Cases);
        _passed.Clear();
        await _loop.SubmitAsync(_batch, "benchmark", null, CancellationToken.None);
        if (_loop.ObserverFailure is { } failure) throw new InvalidOperationException("An assessment could not be read.", failure);
        for (var i = 0; i < chunk.Cases.Count; i++)
        {
            var (logOdds, action) = _assessments[_first + i];
            var login = chunk.Cases[i];
            scores.Span[i] = login.IsSuccess ? logOdds : double.NaN;
            if (login is { Kind: CaseKind.Honest, IsSuccess: true } && action == DecisionAction.Challenge) Pass(chunk.Events, i);
        }
    }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        if (_assessments.Length < effects.Count) _assessments = new (double, DecisionAction)[effects.Count];
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var assessment = ref effects[i];
            _assessments[i] = (assessment.Judged ? assessment.LogOdds : double.NaN, assessment.Action);
            if (assessment.Judged && i >= _first) _fit?.Add(_cases[i - _first], effects.Signals(assessment));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _store.DisposeAsync();
    }

    private void Pass(EventBatch events, int index)
    {
        ref var passed = ref EventCopy.Append(events, index, _passed);
        Span<byte> id = [.. _passed.Text(passed.Id), .. "/passed"u8];
        passed.Id = _passed.Append(id);
        passed.Kind = EventKind.ChallengePassed;
        passed.OccurredAt += TimeToPass;
    }
}
