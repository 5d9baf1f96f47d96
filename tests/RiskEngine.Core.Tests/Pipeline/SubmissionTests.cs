using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>How long a submitter waits, and whose fault takes whom along.</summary>
public sealed class SubmissionTests : IAsyncLifetime
{
    /// <summary>Nothing here depends on how long these are: what is held is held until the test lets go.</summary>
    private static readonly PipelineSettings Impatient = new() { BatchesInFlight = 1, SubmitTimeout = TimeSpan.FromMilliseconds(50), CommitTimeout = TimeSpan.FromMilliseconds(50) };

    private static readonly PipelineSettings OneAtATime = new() { BatchesInFlight = 1 };

    private readonly FailingStore _store = new(new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Whoever_stands_in_the_queue_too_long_is_told_that_nothing_was_taken()
    {
        await using var judging = new Judging(state: _store, settings: Impatient);
        var late = await Assert.ThrowsAsync<PipelineTimeoutException>(async () => await await HoldOneAsync(judging));
        var waited = judging.Failures.Count(SubmissionFailure.Waited);
        await Assert.ThrowsAsync<PipelineBusyException>(() => judging.SubmitAsync(new Login("second", TimeSpan.Zero)));
        Assert.Equal((waited + 1, 1), (judging.Failures.Count(SubmissionFailure.Waited), judging.Failures.Count(SubmissionFailure.Unanswered)));
        _store.Release();
        Assert.Equal(1, (await late.Completion).Accepted);
        await judging.FinishAsync();
        Assert.Equal([1], _store.Commits);
    }

    [Fact]
    public async Task What_was_taken_back_from_the_queue_can_be_sent_again_in_the_same_batch()
    {
        await using var judging = new Judging(state: _store, settings: Impatient);
        await Assert.ThrowsAsync<PipelineTimeoutException>(async () => await await HoldOneAsync(judging));
        var batch = judging.Batch(new Login("second", TimeSpan.Zero));
        await Assert.ThrowsAsync<PipelineBusyException>(() => judging.SubmitAsync(batch));
        _store.Release();
        Assert.Equal(1, (await SubmitUntilTakenAsync(judging, batch)).Accepted);
    }

    [Fact]
    public async Task A_caller_that_gives_up_in_the_queue_leaves_nothing_there()
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime);
        var first = await HoldOneAsync(judging);
        using var gone = new CancellationTokenSource();
        var second = judging.SubmitAsync(judging.Batch(new Login("second", TimeSpan.Zero)), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _store.Release();
        await first;
        await judging.FinishAsync();
        Assert.Equal([1], _store.Commits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task What_another_replica_was_faster_than_is_judged_again_as_a_whole_until_it_comes_through(int times)
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime);
        var first = await HoldOneAsync(judging);
        _store.Conflicts = times;
        var (second, third) = (judging.SubmitAsync(new Login("second", TimeSpan.Zero)), judging.SubmitAsync(new Login("third", TimeSpan.Zero)));
        _store.Release();
        Assert.Equal(3, (await Task.WhenAll(first, second, third)).Sum(answer => answer.Accepted));
        Assert.All(Enum.GetValues<SubmissionFailure>(), reason => Assert.Equal(0, judging.Failures.Count(reason)));
    }

    [Fact]
    public async Task Who_is_always_slower_is_told_in_the_end()
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime);
        _store.Conflicts = 1000;
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(() => judging.SubmitAsync(new Login("slow", TimeSpan.Zero)))).IsConflict);
        Assert.InRange(_store.Commits.Count, 20, 50);
    }

    [Fact]
    public async Task A_full_queue_is_counted_as_no_room()
    {
        await using var judging = new Judging(state: _store, settings: Impatient with { QueueCapacity = 1, CommitTimeout = Timeout.InfiniteTimeSpan });
        var first = await HoldOneAsync(judging);
        Task<SubmitResult>[] waiting = [.. Enumerable.Range(0, 8).Select(i => judging.SubmitAsync(new Login($"s{i}", TimeSpan.Zero)))];
        await Assert.ThrowsAsync<PipelineBusyException>(() => Task.WhenAll(waiting));
        Assert.Equal(7, judging.Failures.Count(SubmissionFailure.NoRoom));
        _store.Release();
        Assert.Equal(1, (await first).Accepted);
    }

    [Fact]
    public async Task Of_submissions_joined_into_one_unit_of_work_only_the_poisonous_one_fails()
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime);
        var joined = await JoinAsync(judging, "good1", "poison", "good2", "good3");
        Assert.Equal([1, 4, 1, 1, 1, 1], _store.Commits);
        Assert.Equal([1, 1, 1], Answers(joined.Where(task => task.IsCompletedSuccessfully)));
        var poisoned = Assert.Single(joined, task => task.IsFaulted);
        var told = Assert.IsType<PoisonSubmissionException>(poisoned.Exception!.InnerException);
        Assert.Contains("Nobody thought of this", told.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (judging.Failures.Count(SubmissionFailure.Poison), judging.Failures.Count(SubmissionFailure.Store)));
        Assert.Equal(4, judging.Lines.Count);
        Assert.Equal(1, (await judging.SubmitAsync(new Login("after", TimeSpan.FromMinutes(1)))).Accepted);
    }

    [Fact]
    public async Task A_detector_that_breaks_on_one_submission_fails_that_one()
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime, detector: new BreakingDetector("poison"));
        var joined = await JoinAsync(judging, "good1", "poison", "good2");
        Assert.Equal(2, Answers(joined.Where(task => task.IsCompletedSuccessfully)).Sum());
        Assert.IsType<PoisonSubmissionException>(Assert.Single(joined, task => task.IsFaulted).Exception!.InnerException);
    }

    [Fact]
    public async Task A_store_that_fails_once_is_asked_again_and_nobody_notices()
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime);
        _store.FailNextCommits(1);
        Assert.Equal(1, (await judging.SubmitAsync(new Login("42", TimeSpan.Zero))).Accepted);
        Assert.Single(judging.Lines);
    }

    [Fact]
    public async Task A_store_that_goes_on_failing_is_not_asked_for_every_submission_again()
    {
        await using var judging = new Judging(state: _store, settings: OneAtATime);
        _store.FailNextCommits(1000);
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"s{i}")];
        var joined = await JoinAsync(judging, names);
        Assert.All(joined, task => Assert.IsType<StateStoreException>(task.Exception!.InnerException));
        Assert.True(_store.Commits.Count <= 6, $"{_store.Commits.Count} commits");
        Assert.Equal(51, judging.Failures.Count(SubmissionFailure.Store));
        _store.FailNextCommits(0);
        Assert.Equal(1, (await judging.SubmitAsync(new Login("after", TimeSpan.FromMinutes(1)))).Accepted);
    }

    /// <summary>Submits one until its commit is held; an impatient one may give up before a slow machine gets to it.</summary>
    private async Task<Task<SubmitResult>> HoldOneAsync(Judging judging)
    {
        _store.Hold();
        while (true)
        {
            var first = judging.SubmitAsync(new Login("first", TimeSpan.Zero));
            await Task.WhenAny(first, _store.Held);
            if (_store.Held.IsCompleted) return first;
        }
    }

    /// <summary>Submits one, and while its commit is held the others, which so wait together.</summary>
    private async Task<Task<SubmitResult>[]> JoinAsync(Judging judging, params string[] subjects)
    {
        _store.PoisonSubject = "poison";
        var first = await HoldOneAsync(judging);
        Task<SubmitResult>[] joined = [.. subjects.Select((subject, i) => judging.SubmitAsync(new Login(subject, TimeSpan.FromSeconds(1 + i))))];
        _store.Release();
        await ((Task)Task.WhenAll([first, .. joined])).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return joined;
    }

    private static async Task<SubmitResult> SubmitUntilTakenAsync(Judging judging, EventBatch batch)
    {
        while (true)
        {
            try
            {
                return await judging.SubmitAsync(batch);
            }
            catch (PipelineBusyException)
            {
                // The store was just released; on a slow machine the queue may need a moment.
            }
        }
    }

    private static IEnumerable<int> Answers(IEnumerable<Task<SubmitResult>> tasks) => tasks.Select(task => task.Result.Accepted);
}
