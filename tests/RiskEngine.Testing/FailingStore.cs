using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Testing;

/// <summary>A store whose commits fail, wait or break when a test says so: nothing of them is applied then, as the contract has it.</summary>
/// <param name="store">Does everything else.</param>
public sealed class FailingStore(IStateStore store) : IStateStore
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _loadHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _loadReleased = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;
    private int _loadsToHold;
    private int _questionsToHold;
    private volatile bool _isHeld;

    public KeyedHash Hash => store.Hash;

    public BlockTable Blocks => store.Blocks;

    public BlockTable AllowList => store.AllowList;

    /// <summary>Gets or sets the id of a subject whose events no commit survives, by a fault that is not the store's.</summary>
    public string? PoisonSubject { get; set; }

    /// <summary>Gets the number of events of each commit that was asked for, in order.</summary>
    public List<int> Commits { get; } = [];

    /// <summary>Gets the ids of the events that were stored, in the order in which they were.</summary>
    public List<string> Stored { get; } = [];

    public void FailNextCommits(int count) => _failures = count;

    /// <summary>Gets or sets how many commits another replica is to be faster than.</summary>
    public int Conflicts { get; set; }

    /// <summary>Gets the task that completes when the first commit, or question, is held.</summary>
    public Task Held => _held.Task;

    /// <summary>Makes every commit wait until <see cref="Release"/>.</summary>
    public void Hold() => _isHeld = true;

    public void Release() => _released.TrySetResult();

    /// <summary>Makes the next question wait until <see cref="Release"/>.</summary>
    public void HoldNextQuestion() => _questionsToHold = 1;

    /// <summary>Gets or sets what says of each commit whether it fails; null for none.</summary>
    public Func<bool>? Fails { get; set; }

    /// <summary>Makes the next load wait until <see cref="ReleaseLoad"/>.</summary>
    /// <returns>The task that completes when it waits.</returns>
    public Task HoldNextLoad()
    {
        _loadsToHold = 1;
        return _loadHeld.Task;
    }

    public void ReleaseLoad() => _loadReleased.TrySetResult();

    public async ValueTask LoadAsync(StateView view, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _loadsToHold) == 0)
        {
            _loadHeld.TrySetResult();
            await _loadReleased.Task;
        }

        if (view.IsQuestion && Interlocked.Decrement(ref _questionsToHold) >= 0)
        {
            _held.TrySetResult();
            await _released.Task;
        }

        await store.LoadAsync(view, cancellationToken);
    }

    public async ValueTask CommitAsync(Effects effects, CancellationToken cancellationToken)
    {
        Commits.Add(effects.Count);
        if (_isHeld)
        {
            _held.TrySetResult();
            await _released.Task;
        }

        if (Conflicts-- > 0) throw new StateStoreException("Another replica was faster.") { IsConflict = true };
        if (_failures-- > 0 || Fails?.Invoke() == true) throw new StateStoreException("The disk is full.");
        if (PoisonSubject is not null && effects.Batch.Events.ToArray().Any(e => effects.Batch.String(e.SubjectId) == PoisonSubject)) throw new InvalidOperationException("Nobody thought of this.");
        lock (Stored) Stored.AddRange(Enumerable.Range(0, effects.Count).Where(i => effects[i].Outcome == EventOutcome.Accepted).Select(i => effects.Batch.String(effects.Batch[i].Id)));
        await store.CommitAsync(effects, cancellationToken);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
