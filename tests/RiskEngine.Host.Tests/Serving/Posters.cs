using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>Several clients that post submissions to one server until it is gone or nothing is left, and remember every answer.</summary>
internal sealed class Posters(ServedProgram server, IEnumerable<Submission> work)
{
    private const int Clients = 4;

    private readonly ConcurrentQueue<Submission> _work = new(work);
    private readonly ConcurrentQueue<Submission> _unanswered = new();
    private readonly ConcurrentQueue<Submission> _acknowledged = new();
    private readonly ConcurrentQueue<HttpStatusCode> _refusals = new();
    private readonly ConcurrentQueue<Submission> _refused = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _accepted;
    private long _duplicates;

    /// <summary>Gets how many events must be acknowledged for <see cref="Reached"/>.</summary>
    public long Goal { get; init; } = long.MaxValue;

    /// <summary>Gets the task that is done when the goal is reached.</summary>
    public Task Reached => _reached.Task;

    public long Accepted => _accepted;

    public long Duplicates => _duplicates;

    /// <summary>Gets how many requests were under way when the server went, and got no answer.</summary>
    public int Unanswered => _unanswered.Count;

    /// <summary>Gets what got a 202.</summary>
    public IReadOnlyCollection<Submission> Acknowledged => _acknowledged;

    /// <summary>Gets every status that was no 202.</summary>
    public IReadOnlyCollection<HttpStatusCode> Refusals => _refusals;

    /// <summary>Gets what has to be sent to the next server.</summary>
    public IEnumerable<Submission> Left => _unanswered.Concat(_refused).Concat(_work);

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(PostAsync)));

    private async Task PostAsync()
    {
        using var client = server.Client();
        while (_work.TryDequeue(out var submission))
        {
            try
            {
                using var content = submission.Content();
                using var answer = await client.PostAsync("/api/v1/events", content);
                if (answer.StatusCode == HttpStatusCode.Accepted) Note(submission, await Json.ReadAsync(answer));
                else Refuse(submission, answer.StatusCode);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
            {
                _unanswered.Enqueue(submission);
                return;
            }
        }
    }

    private void Refuse(Submission submission, HttpStatusCode status)
    {
        _refused.Enqueue(submission);
        _refusals.Enqueue(status);
    }

    private void Note(Submission submission, JsonElement answer)
    {
        var (accepted, duplicates) = (answer.GetProperty("accepted").GetInt64(), answer.GetProperty("duplicates").GetInt64());
        Assert.Equal(submission.Count, accepted + duplicates);
        _acknowledged.Enqueue(submission);
        Interlocked.Add(ref _duplicates, duplicates);
        Interlocked.Add(ref _accepted, accepted);
        if (Interlocked.Read(ref _accepted) + Interlocked.Read(ref _duplicates) >= Goal) _reached.TrySetResult();
    }
}
