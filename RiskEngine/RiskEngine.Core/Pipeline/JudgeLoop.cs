using System.Diagnostics;
using System.Threading.Channels;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The stages in motion: takes submissions, judges them as units of work, and answers once all of it is durable.</summary>
/// <remarks>
/// <para>
/// One loop loads and judges; commits run behind it, up to <see cref="PipelineSettings.BatchesInFlight"/> at once, and are answered in order.
/// What waits is joined into one unit of work, so many small submissions share one transaction (group commit).
/// </para>
/// <para>
/// At least once: a submission that fails was not stored and may be sent again; one that succeeded is durable. Every queue is bounded, and so is every
/// wait of a submitter. What fails together is tried again one by one, so that a submission which cannot be judged or stored fails by itself.
/// </para>
/// <para>
/// Units are stored in the order in which they were judged, those that are tried again too. One that was loaded after one before it had failed is judged anew after that
/// one; one that was loaded earlier is told by the store, where it shares rows with it. Submissions that fail in the end are overtaken by others, unless they have a
/// <see cref="SubmissionOrder"/>.
/// </para>
/// <para>Thread-safe. Evaluations do not pass through the loop: they load, judge and forget on the caller's thread.</para>
/// </remarks>
public sealed partial class JudgeLoop : IEventSink, IAsyncDisposable
{
    private readonly IStateStore _store;
    private readonly EngineReference _engine;
    private readonly PipelineObservers _observers;
    private readonly PipelineSettings _settings;
    private readonly SubmissionQueue _queue;
    private readonly SemaphoreSlim _inFlight;

    /// <summary>Held by who judges and commits: the loop, or the answer of a unit that failed while it tries again.</summary>
    private readonly SemaphoreSlim _judging = new(1);
    private readonly UnitPool _units = new();
    private readonly EvaluationLane _lane;
    private readonly Task _loop;
    private Task _tail = Task.CompletedTask;
    private int _storeFailuresInARow;

    /// <summary>Units whose commit has failed and that are not answered yet.</summary>
    private int _failed;

    public JudgeLoop(IStateStore store, EngineReference engine, PipelineSettings settings, IReadOnlyList<IPipelineObserver> observers)
    {
        _store = store;
        _engine = engine;
        _settings = settings;
        _observers = new PipelineObservers(observers);
        _inFlight = new SemaphoreSlim(settings.BatchesInFlight);
        _queue = new SubmissionQueue(settings, Failures);
        _lane = new EvaluationLane(store, engine, settings.ConcurrentEvaluations);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Gets what the first observer that failed threw; null for none. Whoever needs its observers whole, as a replay does, asks at the end.</summary>
    public Exception? ObserverFailure => _observers.Failure;

    /// <summary>Gets the submissions that failed so far, by reason.</summary>
    public SubmissionFailures Failures { get; } = new();

    /// <summary>Gets the number of submissions that wait.</summary>
    public int QueueDepth => _queue.Count;

    /// <summary>Submits events and waits until they are durable. The batch belongs to the pipeline until then.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="source">Label of the source, for metrics.</param>
    /// <param name="cursor">Cursor of the source to be stored in the same transaction; null for none.</param>
    /// <exception cref="PipelineBusyException">Its turn did not come within <see cref="PipelineSettings.SubmitTimeout"/>: nothing was taken.</exception>
    /// <exception cref="PipelineTimeoutException">It was taken and the answer did not come within <see cref="PipelineSettings.CommitTimeout"/>.</exception>
    /// <exception cref="StateStoreException">The events were not stored; send them again.</exception>
    /// <exception cref="PoisonSubmissionException">The events cannot be judged; sending them again does not help.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before its turn: nothing was taken.</exception>
    public Task<SubmitResult> SubmitAsync(EventBatch batch, string source, string? cursor, CancellationToken cancellationToken) =>
        _queue.SubmitAsync(new Submission(batch, source, cursor), cancellationToken);

    /// <summary>The same for one of several that are on their way in an order; they are judged in the order of these calls.</summary>
    public Task<SubmitResult> SubmitInOrderAsync(EventBatch batch, string source, SubmissionOrder order, CancellationToken cancellationToken) =>
        _queue.SubmitAsync(new Submission(batch, source, null, order), cancellationToken);

    /// <summary>Judges one batch for asking only: reads state, moves no counter, teaches nothing.</summary>
    /// <param name="batch">The events; returned to the caller when the task completes.</param>
    /// <param name="use">Reads the assessments; what it is given must not be kept.</param>
    public ValueTask EvaluateAsync(EventBatch batch, Action<Effects> use, CancellationToken cancellationToken) => _lane.EvaluateAsync(batch, use, cancellationToken);

    /// <summary>Takes no more submissions and finishes those it has.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _loop.ConfigureAwait(false);
        await _tail.ConfigureAwait(false);
        _inFlight.Dispose();
        _judging.Dispose();
    }

    private async Task RunAsync()
    {
        var reader = _queue.Reader;
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await _inFlight.WaitAsync().ConfigureAwait(false);
            await _store.ReadyAsync(CancellationToken.None).ConfigureAwait(false);
            var unit = _units.Rent();
            Gather(reader, unit);
            await _judging.WaitAsync().ConfigureAwait(false);
            unit.Submissions.RemoveAll(submission => submission.FailsBehind());
            if (unit.Submissions.Count == 0)
            {
                _judging.Release();
                _units.Return(unit);
                _inFlight.Release();
                continue;
            }

            var commit = NoteFailureAsync(await JudgeAsync(unit, isInTurn: false).ConfigureAwait(false));
            _judging.Release();
            _tail = AnswerAsync(_tail, unit, commit);
        }
    }

    private void Gather(ChannelReader<Submission> reader, UnitOfWork unit)
    {
        var count = 0;
        while (count < _settings.BatchSize && reader.TryRead(out var submission))
        {
            if (!submission.TryClaim()) continue;
            unit.Submissions.Add(submission);
            count += submission.Batch.Count;
        }
    }

    /// <param name="isInTurn">Whether all units before it have been answered.</param>
    private async Task<Task> JudgeAsync(UnitOfWork unit, bool isInTurn)
    {
        try
        {
            var engine = _engine.Current;
            var started = Stopwatch.GetTimestamp();
            engine.Prepare(unit.Join(), unit);
            unit.EnrichTime = Stopwatch.GetElapsedTime(started);

            started = Stopwatch.GetTimestamp();
            await _store.LoadAsync(unit.Effects.View, CancellationToken.None).ConfigureAwait(false);
            unit.Carried.Load(unit.Effects.View.Carried);
            unit.LoadTime = Stopwatch.GetElapsedTime(started);
            if (!isInTurn && Volatile.Read(ref _failed) > 0) throw new StateStoreException("What was loaded does not know of what failed before and is tried again first.") { IsConflict = true };

            started = Stopwatch.GetTimestamp();
            engine.Judge(unit, _store.Blocks, _store.AllowList, JudgeMode.Ingest, DegradedFacts.None);
            unit.Carried.Save(unit.Effects.View.Carried);
            _lane.Note(unit.Carried);
            unit.Effects.Cursors = unit.Cursors();
            unit.JudgeTime = Stopwatch.GetElapsedTime(started);
            _observers.Committing(unit.Effects);
            unit.CommitStarted = Stopwatch.GetTimestamp();
            return _store.CommitAsync(unit.Effects, CancellationToken.None).AsTask();
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    private async Task NoteFailureAsync(Task commit)
    {
        try
        {
            await commit.ConfigureAwait(false);
        }
        catch
        {
            Interlocked.Increment(ref _failed);
            throw;
        }
    }

    private async Task AnswerAsync(Task before, UnitOfWork unit, Task commit)
    {
        // Never on the judge's thread: the next batch is judged while this one is written out.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await FinishAsync(unit, commit).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await TryAgainAsync(unit, failure).ConfigureAwait(false);
            if (!commit.IsCompletedSuccessfully) Interlocked.Decrement(ref _failed);
        }
        finally
        {
            _units.Return(unit);
            _inFlight.Release();
        }
    }

    private async Task FinishAsync(UnitOfWork unit, Task commit)
    {
        try
        {
            await commit.ConfigureAwait(false);
        }
        catch
        {
            _observers.Withdrawn(unit.Effects);
            throw;
        }
        finally
        {
            unit.Effects.Challenges.Clear();
        }

        _storeFailuresInARow = 0;
        _observers.Committed(unit.Effects, new BatchTiming(unit.EnrichTime, unit.LoadTime, unit.JudgeTime, Stopwatch.GetElapsedTime(unit.CommitStarted), unit.Sources(), unit.Traces()));
        unit.Answer();
    }
}
