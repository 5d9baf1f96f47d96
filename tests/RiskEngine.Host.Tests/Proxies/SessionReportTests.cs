using System.Net;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Proxies;

/// <summary>Sessions that proxies ask about while the store does not answer.</summary>
public sealed class SessionReportTests : IAsyncLifetime
{
    private static readonly PipelineSettings Impatient = new() { BatchesInFlight = 1, SubmitTimeout = TimeSpan.FromSeconds(2), CommitTimeout = TimeSpan.FromMilliseconds(50) };

    private readonly InMemoryStateStore _memory = new(new InMemoryStoreSettings(), TimeProvider.System);
    private readonly FailingStore _store;
    private RunningServer _server = null!;

    public SessionReportTests() => _store = new FailingStore(_memory);

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(_store, _memory, pipeline: Impatient, change: ProxyTests.Trusting);

    public async Task DisposeAsync()
    {
        _store.Release();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_the_store_is_late_with_is_stored_as_it_was_reported_and_is_not_counted_as_dropped()
    {
        _store.Hold();
        await UseAsync("anna");
        await UntilAsync(() => Task.FromResult(_server.Parts.Judge.Failures.Count(SubmissionFailure.Unanswered) == 1));
        await UseAsync("bert");
        _store.Release();

        await UntilAsync(async () => await _server.Admin.GetStringAsync("/api/v1/assessments") is var page && page.Contains("anna", StringComparison.Ordinal) && page.Contains("bert", StringComparison.Ordinal));
        Assert.Contains("riskengine_forward_auth_sessions_total{outcome=\"dropped\"} 0", await _server.Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task UseAsync(string subject)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward-auth");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-RiskEngine-Subject", subject);
        request.Headers.Add("X-RiskEngine-Session", $"session of {subject}");
        using var answer = await _server.Nobody.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo()) await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }
}
