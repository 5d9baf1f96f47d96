using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>What came first is stored first, also where the store refuses some of it for a while.</summary>
public sealed class SubmissionOrderTests : IAsyncLifetime
{
    private static readonly PipelineSettings OneByOne = new() { BatchesInFlight = 1, BatchSize = 1 }, EachByItself = new() { BatchSize = 1 };

    private readonly FailingStore _store = new(new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory, InlineData(true, 0), InlineData(false, 2)]
    public async Task Behind_one_that_failed_in_the_end_nothing_of_its_order_is_stored(bool isInOrder, int stored)
    {
        await using var judging = new Judging(state: _store, settings: OneByOne);
        var order = isInOrder ? new SubmissionOrder() : null;
        _store.Hold();
        var first = judging.SubmitAsync(order, new Login("42", TimeSpan.Zero));
        await _store.Held;
        Task<SubmitResult>[] behind = [judging.SubmitAsync(order, new Login("42", TimeSpan.FromSeconds(1))), judging.SubmitAsync(order, new Login("43", TimeSpan.FromSeconds(2)))];
        _store.FailNextCommits(2);
        _store.Release();
        await Assert.ThrowsAsync<StateStoreException>(() => first);
        foreach (var one in behind) await Task.WhenAny(one);
        Assert.Equal(stored, behind.Count(one => one.IsCompletedSuccessfully));
        Assert.Equal(stored, judging.Assessments.Count);
        Assert.Equal(1, (await judging.SubmitAsync(new SubmissionOrder(), new Login("42", TimeSpan.Zero))).Accepted);
    }

    [Fact]
    public async Task Who_gives_up_in_the_queue_keeps_those_behind_from_overtaking()
    {
        await using var judging = new Judging(state: _store, settings: OneByOne);
        var order = new SubmissionOrder();
        _store.Hold();
        var first = judging.SubmitAsync(new Login("42", TimeSpan.Zero));
        await _store.Held;
        using var gone = new CancellationTokenSource();
        var second = judging.SubmitAsync(judging.Batch(new Login("42", TimeSpan.FromSeconds(1))), order, gone.Token);
        var third = judging.SubmitAsync(order, new Login("42", TimeSpan.FromSeconds(2)));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _store.Release();
        await first;
        await Assert.ThrowsAsync<StateStoreException>(() => third);
    }

    [Fact]
    public async Task What_was_loaded_after_one_before_it_had_failed_is_stored_after_that_one()
    {
        var watch = new Watch();
        await using var judging = new Judging(first: watch, state: _store, settings: EachByItself);
        _store.Hold();
        var first = judging.SubmitAsync(new Login("42", TimeSpan.Zero) { Id = "first" });
        await _store.Held;
        var isLoading = _store.HoldNextLoad();
        var second = judging.SubmitAsync(new Login("42", TimeSpan.FromSeconds(1)) { Id = "second" });
        await isLoading;
        _store.FailNextCommits(1);
        _store.Release();
        await watch.Withdrawal;
        _store.ReleaseLoad();
        await Task.WhenAll(first, second);
        Assert.Equal(["first", "second"], _store.Stored);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Batches_are_stored_once_and_in_their_order_whichever_commits_fail(int seed)
    {
        await using var judging = new Judging(state: _store, settings: new PipelineSettings { BatchSize = 8 });
        var random = new Random(seed);
        var failures = 0;
        _store.Fails = () =>
        {
            lock (random) return random.Next(3) == 0 && ++failures > 0;
        };
        async Task<SubmitResult> UntilStoredAsync(EventBatch batch, CancellationToken cancellation)
        {
            while (true)
            {
                try
                {
                    return await judging.SubmitAsync(batch, cancellation);
                }
                catch (StateStoreException)
                {
                    await Task.Yield();
                }
            }
        }

        var submitter = new OrderedSubmitter<EventBatch>(judging.SubmitAsync, UntilStoredAsync);
        var ids = Enumerable.Range(0, 600).Select(number => $"n{number:000}").ToArray();
        List<Task<SubmitResult>> answers = [];
        foreach (var three in ids.Chunk(3))
        {
            answers.Add(submitter.SubmitAsync(judging.Batch([.. three.Select(id => new Login("42", TimeSpan.FromSeconds(int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture))) { Id = id })]), CancellationToken.None));
            if (answers.Count % 20 == 0) await Task.WhenAny(answers[^10]);
        }

        Assert.Equal(600, (await Task.WhenAll(answers)).Sum(answer => answer.Accepted));
        Assert.Equal(ids, _store.Stored);
        Assert.True(failures > 5);
    }

    /// <summary>Says when a commit has failed.</summary>
    private sealed class Watch : ICommitObserver
    {
        private readonly TaskCompletionSource _withdrawn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Withdrawal => _withdrawn.Task;

        public void Committed(Effects effects, in BatchTiming timing)
        {
            // What is stored is asked of the store.
        }

        public void Committing(Effects effects)
        {
            // Nothing is added.
        }

        public void Withdrawn(Effects effects) => _withdrawn.TrySetResult();
    }
}
