using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Models;

/// <summary>How far the scores of successful logins have moved from those of a reference week, as population stability index.</summary>
/// <remarks>
/// <para>
/// PSI = Σ (p − q) · ln(p / q) over bins of the log-odds, p of now and q of the reference (Siddiqi, "Credit Risk Scorecards", 2006). Customary: below 0.1 nothing
/// happened, above 0.25 the model is asked about other people than it knew. The reference is the first seven days after a model began to judge; now is what
/// came since, fading by half in a day. By event time, so that a replay gives the same; what comes late counts as now. Until a reference is whole and
/// enough has come since, it is nothing. What chance alone would give is taken off, so that a small fleet does not seem to drift.
/// </para>
/// <para>Some 130 bytes. Not thread-safe; allocates nothing.</para>
/// </remarks>
public sealed class ScoreDrift : ICarriedModel<ScoreDrift>
{
    /// <summary>Gets the bytes that it is stored in.</summary>
    public static int StoredLength => HeadLength + (2 * Bins * sizeof(float));

    /// <summary>Log-odds below the first edge share a bin, and so do those above the last.</summary>
    private const int Bins = 14;

    private const double FirstEdge = -9, Width = 1;

    private const byte Version = 1;
    private const int HeadLength = 20;
    private const uint Week = 7 * 86_400, HalfLife = 86_400;

    /// <summary>Fewer logins say nothing of a distribution.</summary>
    private const float Enough = 200;

    private readonly float[] _reference = new float[Bins];
    private readonly float[] _recent = new float[Bins];
    private ulong _model;
    private uint _begun;
    private uint _last;

    /// <summary>Gets the index: 0 while there is nothing to tell.</summary>
    public double Index
    {
        get
        {
            var (reference, recent) = (_reference.Sum(), _recent.Sum());
            if (_last - _begun < Week || reference < Enough || recent < Enough) return 0;
            var index = 0.0;
            for (var i = 0; i < Bins; i++)
            {
                // Half a login in every bin: what was never seen is not impossible.
                var (p, q) = ((_recent[i] + 0.5) / (recent + (0.5 * Bins)), (_reference[i] + 0.5) / (reference + (0.5 * Bins)));
                index += (p - q) * Math.Log(p / q);
            }

            return Math.Max(index - ((Bins - 1) * ((1 / recent) + (1 / reference))), 0);
        }
    }

    /// <summary>Counts a login.</summary>
    /// <param name="model">Which model judged it: with another one the reference begins anew.</param>
    /// <param name="at">Unix seconds.</param>
    public void Observe(ulong model, double logOdds, uint at)
    {
        if (model != _model || _begun == 0) Begin(model, at);
        var bin = (int)Math.Clamp(Math.Floor((logOdds - FirstEdge) / Width), 0, Bins - 1);
        if (at < _begun + Week && _last < _begun + Week)
        {
            _reference[bin]++;
            _last = Math.Max(_last, at);
            return;
        }

        if (at > _last) Fade(at);
        _recent[bin]++;
    }

    /// <summary>Takes what is stored; what is of another form counts as nothing.</summary>
    public void Load(ReadOnlySpan<byte> stored)
    {
        Clear();
        if (stored.Length != StoredLength || stored[0] != Version) return;
        _model = BinaryPrimitives.ReadUInt64LittleEndian(stored[4..]);
        _begun = BinaryPrimitives.ReadUInt32LittleEndian(stored[12..]);
        _last = BinaryPrimitives.ReadUInt32LittleEndian(stored[16..]);
        var counts = MemoryMarshal.Cast<byte, float>(stored[HeadLength..]);
        counts[..Bins].CopyTo(_reference);
        counts[Bins..].CopyTo(_recent);
        if (!IsWhole(_reference) || !IsWhole(_recent) || _last < _begun) Clear();
    }

    public void Save(Span<byte> room)
    {
        room.Clear();
        room[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(room[4..], _model);
        BinaryPrimitives.WriteUInt32LittleEndian(room[12..], _begun);
        BinaryPrimitives.WriteUInt32LittleEndian(room[16..], _last);
        var counts = MemoryMarshal.Cast<byte, float>(room[HeadLength..]);
        _reference.CopyTo(counts);
        _recent.CopyTo(counts[Bins..]);
    }

    public void CopyFrom(ScoreDrift other)
    {
        (_model, _begun, _last) = (other._model, other._begun, other._last);
        other._reference.CopyTo(_reference, 0);
        other._recent.CopyTo(_recent, 0);
    }

    /// <remarks>Of two models the one that began to judge later stays. Where the week of reference ends, what is on its way may count on either side.</remarks>
    public bool TryMerge(ScoreDrift mine, ScoreDrift before)
    {
        if (mine._model == _model)
        {
            if (before._model != _model) before.Clear();
            Add(mine, before);
        }
        else if (_model == before._model || (mine._model != before._model && (mine._begun, mine._model).CompareTo((_begun, _model)) > 0))
        {
            CopyFrom(mine);
        }

        return true;
    }

    private void Add(ScoreDrift mine, ScoreDrift before)
    {
        var last = Math.Max(_last, mine._last);
        Fade(last);
        mine.Fade(last);
        before.Fade(last);
        _begun = Math.Min(_begun, mine._begun);
        MergedCounts.Add(_reference, mine._reference, before._reference);
        MergedCounts.Add(_recent, mine._recent, before._recent);
    }

    private static bool IsWhole(ReadOnlySpan<float> counts)
    {
        foreach (var count in counts)
        {
            if (count is not (>= 0 and < 1e12f)) return false;
        }

        return true;
    }

    private void Begin(ulong model, uint at)
    {
        Clear();
        (_model, _begun, _last) = (model, at, at);
    }

    private void Clear()
    {
        (_model, _begun, _last) = (0, 0, 0);
        Array.Clear(_reference);
        Array.Clear(_recent);
    }

    private void Fade(uint at)
    {
        var factor = MathF.Pow(0.5f, (at - _last) / (float)HalfLife);
        for (var i = 0; i < Bins; i++) _recent[i] *= factor;
        _last = at;
    }
}
