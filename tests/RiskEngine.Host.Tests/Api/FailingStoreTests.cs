using System.Net;
using RiskEngine.Core.Pipeline;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Api;

/// <summary>What callers are told while the store does not answer, and of events that cannot be judged.</summary>
public sealed class FailingStoreTests : IAsyncLifetime
{
    private static readonly PipelineSettings Impatient = new() { BatchesInFlight = 1, SubmitTimeout = TimeSpan.FromMilliseconds(50), CommitTimeout = TimeSpan.FromMilliseconds(50) };

    private readonly InMemoryStateStore _memory = new(new InMemoryStoreSettings(), TimeProvider.System);
    private readonly FailingStore _store;
    private RunningServer? _server;

    public FailingStoreTests() => _store = new FailingStore(_memory);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _store.Release();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task While_the_store_does_not_answer_nothing_is_acknowledged_and_everybody_is_told_to_come_again()
    {
        _server = await RunningServer.StartAsync(_store, _memory, pipeline: Impatient);
        _store.Hold();
        // A slow machine may not get to the first ones in time.
        while (!_store.Held.IsCompleted) await AssertToldToComeAgainAsync();
        await AssertToldToComeAgainAsync();
        var failures = _server.Parts.Judge.Failures;
        Assert.Equal(1, failures.Count(SubmissionFailure.Unanswered));
        Assert.True(failures.Count(SubmissionFailure.Waited) >= 1);
        Assert.Contains("riskengine_submissions_failed_total{reason=\"unanswered\"} 1", await _server.Nobody.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poison_gets_an_answer_of_its_own_and_others_get_through()
    {
        _server = await RunningServer.StartAsync(_store, _memory);
        _store.PoisonSubject = "13";
        using var poisoned = await _server.Admin.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login("poison", subject: "13")));
        Assert.Equal(HttpStatusCode.InternalServerError, poisoned.StatusCode);
        Assert.Contains("does not help", await poisoned.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var good = await _server.Admin.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login("good")));
        Assert.Equal(HttpStatusCode.Accepted, good.StatusCode);
        Assert.Contains("riskengine_submissions_failed_total{reason=\"poison\"} 1", await _server.Nobody.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task AssertToldToComeAgainAsync()
    {
        using var response = await _server!.Admin.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login(null)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }
}
