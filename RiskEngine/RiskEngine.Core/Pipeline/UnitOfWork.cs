using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Everything one batch needs from preparing to committing; reused. Not thread-safe: one stage owns it at a time.</summary>
public sealed class UnitOfWork
{
    private readonly EventBatch _joined = new();
    private AddressFacts[] _facts = new AddressFacts[1024];
    private DeviceFacts[] _devices = new DeviceFacts[1024];
    private ulong[] _userAgents = new ulong[1024];

    public Effects Effects { get; } = new();

    internal RecentFacts Recent { get; } = new();

    /// <summary>Gets blocks made earlier in the same batch: the store learns of them with the commit.</summary>
    internal BlockTable Fresh { get; } = new();

    internal CarriedParts Carried { get; } = new();

    internal List<Submission> Submissions { get; } = [];

    internal TimeSpan EnrichTime { get; set; }

    internal TimeSpan LoadTime { get; set; }

    internal TimeSpan JudgeTime { get; set; }

    internal long CommitStarted { get; set; }

    internal Span<AddressFacts> Facts => _facts;

    internal Span<DeviceFacts> Devices => _devices;

    /// <summary>Gets the hash of each event's user agent; zero for none.</summary>
    internal Span<ulong> UserAgents => _userAgents;

    internal void MakeRoom(int count)
    {
        if (_facts.Length >= count) return;
        var size = Math.Max(count, _facts.Length * 2);
        _facts = new AddressFacts[size];
        _devices = new DeviceFacts[size];
        _userAgents = new ulong[size];
    }

    /// <summary>All events of the submissions as one batch: the only one itself, or copies joined.</summary>
    internal EventBatch Join()
    {
        if (Submissions.Count == 1) return Traced(Submissions[0].Batch, 0, Submissions[0]);
        _joined.Clear();
        foreach (var submission in Submissions)
        {
            var start = _joined.Count;
            _joined.AppendAll(submission.Batch);
            Traced(_joined, start, submission);
        }

        return _joined;
    }

    /// <summary>Where no event of a submission came with a trace of its own, all have that of the submission; else its span is in the trace of one of them, which is not that of the others.</summary>
    private static EventBatch Traced(EventBatch batch, int start, Submission submission)
    {
        if (submission.Batch.Traces.IsEmpty) batch.NoteTrace(start, submission.Trace);
        return batch;
    }

    internal IReadOnlyDictionary<string, string>? Cursors()
    {
        Dictionary<string, string>? cursors = null;
        foreach (var submission in Submissions)
        {
            if (submission.Cursor is { } cursor) (cursors ??= [])[submission.Source] = cursor;
        }

        return cursors;
    }

    internal List<(string Source, int Count)> Sources() => [.. Submissions.Select(submission => (submission.Source, submission.Batch.Count))];

    /// <summary>The traces that submissions came with. Most come with none, and then nothing is allocated.</summary>
    internal IReadOnlyList<ActivityContext> Traces()
    {
        List<ActivityContext>? traces = null;
        foreach (var submission in Submissions)
        {
            if (submission.Trace != default) (traces ??= []).Add(submission.Trace);
        }

        return traces ?? (IReadOnlyList<ActivityContext>)[];
    }

    internal void Answer()
    {
        var index = 0;
        foreach (var submission in Submissions)
        {
            int accepted = 0, duplicates = 0;
            List<int>? tooOld = null;
            for (var i = 0; i < submission.Batch.Count; i++)
            {
                switch (Effects[index++].Outcome)
                {
                    case EventOutcome.Duplicate: duplicates++; break;
                    case EventOutcome.TooOld: (tooOld ??= []).Add(i); break;
                    default: accepted++; break;
                }
            }

            submission.Done.TrySetResult(new SubmitResult(accepted, duplicates, tooOld));
        }
    }
}
