using RiskEngine.Core.State;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>A store of challenges that fails, or does not answer, when a test says so.</summary>
internal sealed class SlowChallenges(IChallengeStore store) : IChallengeStore
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _saves;

    /// <summary>Gets or sets whether it refuses.</summary>
    public bool Refuses { get; set; }

    /// <summary>Gets or sets what a save waits for.</summary>
    public Task Before { get; set; } = Task.CompletedTask;

    /// <summary>Gets the task that completes when the first save waits.</summary>
    public Task Held => _held.Task;

    /// <summary>Gets how many saves were asked for.</summary>
    public int Saves => _saves;

    public async ValueTask SaveAsync(IReadOnlyCollection<Challenge> challenges, IReadOnlyDictionary<int, long> logins, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _saves);
        if (!Before.IsCompleted) _held.TrySetResult();
        await Before;
        if (Refuses) throw new StateStoreException("The disk is full.");
        await store.SaveAsync(challenges, logins, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Challenge>> ReadOpenAsync(CancellationToken cancellationToken) => store.ReadOpenAsync(cancellationToken);

    public ValueTask<ChallengeCounts> CountAsync(int day, CancellationToken cancellationToken) => store.CountAsync(day, cancellationToken);
}
