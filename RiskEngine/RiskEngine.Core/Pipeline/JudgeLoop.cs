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
/// <para>At least once: a submission that fails was not stored and may be sent again; one that succeeded is durable. Every queue is bounded.</para>
/// <para>Thread-safe. Evaluations do not pass through the loop: they load, judge and forget on the caller's thread.</para>
/// </remarks>
public sealed class JudgeLoop : IAsyncDisposable
{
    private readonly IStateStore _store;
    private readonly EngineReference _engine;
    private readonly IReadOnlyList<IPipelineObserver> _observers;
    private readonly PipelineSettings _settings;
    private readonly Channel<Submission> _queue;
    private readonly SemaphoreSlim _inFlight;
    private readonly Stack<UnitOfWork> _spare = new();
    private readonly Stack<UnitOfWork> _evaluators = new();
    private readonly Task _loop;
    private readonly ValveState _lastValve = new();
    private Task _tail = Task.CompletedTask;
    private int _evaluating;

    public JudgeLoop(IStateStore store, EngineReference engine, PipelineSettings settings, IReadOnlyList<IPipelineObserver> observers)
    {
        _store = store;
        _engine = engine;
        _settings = settings;
        _observers = observers;
        _inFlight = new SemaphoreSlim(settings.BatchesInFlight);
        _queue = Channel.CreateBounded<Submission>(new BoundedChannelOptions(settings.QueueCapacity) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Gets what the first observer that failed threw; null for none. Whoever needs its observers whole, as a replay does, asks at the end.</summary>
    public Exception? ObserverFailure { get; private set; }

    /// <summary>Gets the number of submissions that wait.</summary>
    public int QueueDepth => _queue.Reader.Count;

    /// <summary>Submits events and waits until they are durable. The batch belongs to the pipeline until then.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="source">Label of the source, for metrics.</param>
    /// <param name="cursor">Cursor of the source to be stored in the same transaction; null for none.</param>
    /// <exception cref="PipelineBusyException">No room within the time-out: nothing was taken.</exception>
    /// <exception cref="StateStoreException">The events were not stored; send them again.</exception>
    public async Task<SubmitResult> SubmitAsync(EventBatch batch, string source, string? cursor, CancellationToken cancellationToken)
    {
        var submission = new Submission(batch, source, cursor);
        if (!_queue.Writer.TryWrite(submission)) await EnqueueAsync(submission, cancellationToken).ConfigureAwait(false);
        return await submission.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Judges one batch for asking only: reads state, moves no counter, teaches nothing.</summary>
    /// <param name="batch">The events; returned to the caller when the task completes.</param>
    /// <param name="use">Reads the assessments; what it is given must not be kept.</param>
    public async ValueTask EvaluateAsync(EventBatch batch, Action<Effects> use, CancellationToken cancellationToken)
    {
        var unit = Rent(_evaluators);
        var overloaded = Interlocked.Increment(ref _evaluating) > _settings.ConcurrentEvaluations;
        try
        {
            var engine = _engine.Current;
            engine.Prepare(batch, unit);
            if (overloaded)
            {
                UseLastValve(unit);
                engine.Judge(unit, _store.Blocks, _store.AllowList, JudgeMode.Evaluate, DegradedFacts.Overload);
            }
            else
            {
                var degraded = DegradedFacts.None;
                try
                {
                    await _store.LoadAsync(unit.Effects.View, cancellationToken).ConfigureAwait(false);
                    unit.Valve.Load(unit.Effects.View.Carried);
                }
                catch (StateStoreException)
                {
                    UseLastValve(unit);
                    degraded = DegradedFacts.Store;
                }

                engine.Judge(unit, _store.Blocks, _store.AllowList, JudgeMode.Evaluate, degraded);
            }

            use(unit.Effects);
        }
        finally
        {
            Interlocked.Decrement(ref _evaluating);
            Return(_evaluators, unit);
        }
    }

    /// <summary>Takes no more submissions and finishes those it has.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _tail.ConfigureAwait(false);
        _inFlight.Dispose();
    }

    private static UnitOfWork Rent(Stack<UnitOfWork> spare)
    {
        lock (spare)
        {
            return spare.TryPop(out var unit) ? unit : new UnitOfWork();
        }
    }

    private static void Return(Stack<UnitOfWork> spare, UnitOfWork unit)
    {
        unit.Submissions.Clear();
        lock (spare)
        {
            if (spare.Count < 64) spare.Push(unit);
        }
    }

    /// <summary>For answers without state: the valve as the batch judged last left it.</summary>
    private void UseLastValve(UnitOfWork unit)
    {
        lock (_lastValve) unit.Valve.CopyFrom(_lastValve);
    }

    private async Task EnqueueAsync(Submission submission, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_settings.SubmitTimeout);
        try
        {
            await _queue.Writer.WriteAsync(submission, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PipelineBusyException();
        }
        catch (ChannelClosedException)
        {
            throw new PipelineBusyException();
        }
    }

    private async Task RunAsync()
    {
        var reader = _queue.Reader;
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await _inFlight.WaitAsync().ConfigureAwait(false);
            var unit = Rent(_spare);
            Gather(reader, unit);
            if (unit.Submissions.Count == 0)
            {
                Return(_spare, unit);
                _inFlight.Release();
                continue;
            }

            var commit = await JudgeAsync(unit).ConfigureAwait(false);
            _tail = AnswerAsync(_tail, unit, commit);
        }
    }

    private void Gather(ChannelReader<Submission> reader, UnitOfWork unit)
    {
        var count = 0;
        while (count < _settings.BatchSize && reader.TryRead(out var submission))
        {
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
            await _store.LoadAsync(unit.Effects.View, CancellationToken.None).ConfigureAwait(false);
            unit.Valve.Load(unit.Effects.View.Carried);
            unit.LoadTime = Stopwatch.GetElapsedTime(started);

            started = Stopwatch.GetTimestamp();
            engine.Judge(unit, _store.Blocks, _store.AllowList, JudgeMode.Ingest, DegradedFacts.None);
            unit.Valve.Save(unit.Effects.View.Carried);
            lock (_lastValve) _lastValve.CopyFrom(unit.Valve);
            unit.Effects.Cursors = unit.Cursors();
            unit.JudgeTime = Stopwatch.GetElapsedTime(started);
            unit.CommitStarted = Stopwatch.GetTimestamp();
            return _store.CommitAsync(unit.Effects, CancellationToken.None).AsTask();
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    /// <summary>Tells the observers. One that throws has no say in what is durable already: its first failure is kept and the others are told.</summary>
    private void Observe(UnitOfWork unit, in BatchTiming timing)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.Committed(unit.Effects, timing);
            }
            catch (Exception failure)
            {
                ObserverFailure ??= failure;
            }
        }
    }

    private async Task AnswerAsync(Task before, UnitOfWork unit, Task commit)
    {
        // Never on the judge's thread: the next batch is judged while this one is written out.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await commit.ConfigureAwait(false);
            var timing = new BatchTiming(unit.LoadTime, unit.JudgeTime, Stopwatch.GetElapsedTime(unit.CommitStarted), unit.Sources());
            Observe(unit, timing);
            unit.Answer();
        }
        catch (Exception failure)
        {
            unit.Fail(failure);
        }
        finally
        {
            Return(_spare, unit);
            _inFlight.Release();
        }
    }
}
