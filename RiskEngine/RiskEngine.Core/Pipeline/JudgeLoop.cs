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
/// <para>Thread-safe. Evaluations do not pass through the loop: they load, judge and forget on the caller's thread.</para>
/// </remarks>
public sealed class JudgeLoop : IEventSink, IAsyncDisposable
{
    /// <summary>Failed second tries in a row after which a store counts as out of order.</summary>
    private const int StoreFailuresToStop = 2;

    /// <summary>How often a unit is judged anew because another replica was faster. With as many events waiting at each of two, every second try comes through.</summary>
    private const int ConflictTries = 30;

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
            if (unit.Submissions.Count == 0)
            {
                _units.Return(unit);
                _inFlight.Release();
                continue;
            }

            await _judging.WaitAsync().ConfigureAwait(false);
            var commit = await JudgeAsync(unit).ConfigureAwait(false);
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

    private async Task<Task> JudgeAsync(UnitOfWork unit)
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

    /// <summary>Judges and commits what failed once more, each submission by itself and one after the other, while the loop stands.</summary>
    /// <remarks>
    /// A store takes others along that shared a transaction with what failed, so a single submission has its second try as well, unless judging itself
    /// failed. Repeats are told by event id. A store that keeps failing is not asked again until a commit works.
    /// </remarks>
    private async Task TryAgainAsync(UnitOfWork unit, Exception failure)
    {
        Submission[] failed = [.. unit.Submissions];
        if (failed.Length == 1 && failure is not StateStoreException)
        {
            failed[0].Done.TrySetException(Failures.Note(failure));
            return;
        }

        await _judging.WaitAsync().ConfigureAwait(false);
        try
        {
            if (failure is StateStoreException { IsConflict: true } && await TryTogetherAsync(unit, failure).ConfigureAwait(false) is var outcome)
            {
                if (outcome is null) return;
                failure = outcome;
            }

            await TryAloneAsync(failed, failure).ConfigureAwait(false);
        }
        finally
        {
            _judging.Release();
        }
    }

    /// <summary>Judges what another replica was faster than anew, as a whole, until it comes through; the loop stands, so that this replica is not its own rival.</summary>
    /// <returns>Why it failed in the end; null where it was answered.</returns>
    private async Task<Exception?> TryTogetherAsync(UnitOfWork unit, Exception failure)
    {
        for (var tries = 0; tries < ConflictTries && failure is StateStoreException { IsConflict: true }; tries++)
        {
            try
            {
                await FinishAsync(unit, await JudgeAsync(unit).ConfigureAwait(false)).ConfigureAwait(false);
                return null;
            }
            catch (Exception next)
            {
                failure = next;
            }
        }

        return failure;
    }

    private async Task TryAloneAsync(Submission[] failed, Exception failure)
    {
        foreach (var submission in failed)
        {
            var last = failure is not StateStoreException || _storeFailuresInARow < StoreFailuresToStop ? await TryAloneAsync(submission).ConfigureAwait(false) : failure;
            if (last is not null) submission.Done.TrySetException(Failures.Note(last));
        }
    }

    /// <returns>Why it failed; null where it was answered.</returns>
    private async Task<Exception?> TryAloneAsync(Submission submission)
    {
        var unit = _units.Rent();
        unit.Submissions.Add(submission);
        try
        {
            await FinishAsync(unit, await JudgeAsync(unit).ConfigureAwait(false)).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure)
        {
            if (failure is StateStoreException) _storeFailuresInARow++;
            return failure;
        }
        finally
        {
            _units.Return(unit);
        }
    }
}
