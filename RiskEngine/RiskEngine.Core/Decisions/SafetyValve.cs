using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Decisions;

/// <summary>How many people automated blocks may hit before they are held, under <c>policy.valve</c>.</summary>
public sealed record SafetyValveSettings
{
    /// <summary>Gets how many established subjects may be newly hit within an hour in any fleet.</summary>
    /// <value>1 to 1,000,000. The default is 10.</value>
    [Range(1, 1_000_000)]
    public int MinimumSubjects { get; init; } = 10;

    /// <summary>Gets which part of the established subjects seen in a day may be newly hit within an hour.</summary>
    /// <value>0 to 1. The default is 0.05.</value>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.05;
}

/// <summary>Holds automated blocks when they hit too many people: counts established subjects newly hit in the last hour of event time.</summary>
/// <remarks>
/// Tripped while more are hit than the larger of a number and a share of the established subjects seen in a day. It counts people, not attempts
/// or addresses, so that an attacker cannot trip it by being blocked often. Kept in 5-minute buckets, so an hour is 55 to 60 minutes; it opens
/// again by itself as they pass. Plain data of fixed size, stored as it lies in memory; a fact of the context, so that a replay repeats it.
/// Not thread-safe. The default value is a valve that has seen nothing.
/// </remarks>
public struct SafetyValve
{
    /// <summary>The name in assessments and metrics.</summary>
    public const string Name = "newly_hit_subjects";

    private const uint BucketSeconds = 300;
    private const int Buckets = 12;
    private const uint GuestsEpoch = 3600;

    private SubjectCensus _census;
    private DistinctSketch _guests;
    private BucketArray _hits;
    private uint _newest;

    /// <summary>Notes an accepted login of an established subject: who could be hit.</summary>
    /// <param name="at">Event time in Unix seconds.</param>
    /// <returns>Whether that changed anything: nearly always not, once a subject was seen that day.</returns>
    public bool NoteSeen(UInt128 subject, uint at) => _census.Add(subject, at);

    /// <summary>Notes subjects newly hit, <see cref="Decision.NewlyHit"/>. A subject that a standing block turns away again counts once.</summary>
    /// <param name="subject">The subject of the login.</param>
    /// <param name="at">Event time in Unix seconds.</param>
    public void NoteHit(in Decision decision, UInt128 subject, uint at)
    {
        if (decision.NewlyHit == 0) return;
        if (decision.NewBlock is null)
        {
            var before = _guests.Count(at, GuestsEpoch);
            _guests.Add((ulong)subject, at, GuestsEpoch);
            if (_guests.Count(at, GuestsEpoch) <= before) return;
        }

        Add(decision.NewlyHit, at);
    }

    /// <summary>Established subjects newly hit in the hour before that time.</summary>
    public readonly int HitAt(uint at)
    {
        var copy = this;
        copy.Advance(at / BucketSeconds);
        long sum = 0;
        foreach (var bucket in copy._hits) sum += bucket;
        return (int)Math.Min(sum, int.MaxValue);
    }

    /// <summary>Whether new automated blocks are to be held at that time.</summary>
    public readonly bool IsTripped(SafetyValveSettings settings, uint at)
    {
        var hit = HitAt(at);
        return hit > settings.MinimumSubjects && hit > settings.Share * _census.Count(at);
    }

    /// <summary>Puts together what two judges noted at the same time, for units of work that were judged by the same valve.</summary>
    /// <remarks>
    /// Who was seen unites. Who was hit does not add up: each judge would have had all of what the valve still let pass. So where both hit somebody the second
    /// judges again, by a valve that knows of the first, and the number of people holds over all replicas. It is seldom: few are newly hit, and none once it has tripped.
    /// </remarks>
    /// <returns>False where both hit somebody.</returns>
    public static bool TryMerge(in SafetyValve current, in SafetyValve mine, in SafetyValve before, out SafetyValve merged)
    {
        var isMine = !mine.HasHitsOf(before);
        merged = isMine ? mine : current;
        if (isMine && !current.HasHitsOf(before)) return false;
        merged._census = SubjectCensus.Union(current._census, mine._census);
        merged._guests = DistinctSketch.Merge(current._guests, mine._guests, before._guests);
        return true;
    }

    private readonly bool HasHitsOf(in SafetyValve other) => _newest == other._newest && ((ReadOnlySpan<int>)_hits).SequenceEqual(other._hits);

    private void Add(int count, uint at)
    {
        var bucket = at / BucketSeconds;
        Advance(bucket);
        // A late event counts where it belongs, unless its hour is over.
        if (_newest - bucket < Buckets) _hits[(int)(bucket % Buckets)] += count;
    }

    private void Advance(uint bucket)
    {
        if (bucket <= _newest) return;
        var passed = Math.Min(bucket - _newest, Buckets);
        for (var i = 0u; i < passed; i++) _hits[(int)((bucket - i) % Buckets)] = 0;
        _newest = bucket;
    }

    [InlineArray(Buckets)]
    private struct BucketArray
    {
        private int _first;
    }
}
