using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Models;

/// <summary>How alone a point is among those seen lately, told without any label: half-space trees.</summary>
/// <remarks>
/// <para>
/// After Tan, Ting and Liu, "Fast Anomaly Detection for Streaming Data", IJCAI 2011. Each tree halves a feature drawn by chance, of a space drawn by chance
/// around the unit cube, again and again; it is drawn before any point is seen. Points of a window are counted in every node they pass; when the window is full, the counts become what
/// is judged by, and counting begins anew. What differs: the authors add up masses, here a tree says ln(points / (2^depth · mass)), in nats, at the first node with
/// less than a tenth of the window, and the forest the mean of its trees. That sum splits exactly into the halvings of the path, so each feature has its part in it (<see cref="Score"/>).
/// </para>
/// <para>
/// Until the first window is full it says 0. Fixed size (<see cref="StoredLength"/> bytes and twice that of trees, which are drawn again from the seed).
/// Deterministic: the same points in the same order give the same bits, also after <see cref="Save"/> and <see cref="Load"/>. Learns what it is shown, an attacker's points too; not monotone: a feature that is
/// worse may be more usual. A baseline to be compared with, not a part of the engine (docs/benchmark.md). Allocates nothing once made. Not thread-safe.
/// </para>
/// </remarks>
public sealed class HalfSpaceForest
{
    /// <summary>Form of what is stored.</summary>
    private const uint Form = 0x48_53_54_01;

    private const int HeadLength = 28;

    /// <summary>Imaginary points of every node: what was never seen is not infinitely far.</summary>
    private const double Prior = 0.5;

    private readonly HalfSpaceSettings _settings;
    private readonly int _nodes;
    private readonly int _inner;
    private readonly double _least;
    private readonly byte[] _features;
    private readonly float[] _cuts;
    private ushort[] _reference;
    private ushort[] _latest;
    private int _seen;
    private bool _hasReference;

    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is outside its range.</exception>
    public HalfSpaceForest(HalfSpaceSettings settings)
    {
        System.ComponentModel.DataAnnotations.Validator.ValidateObject(settings, new(settings), validateAllProperties: true);
        _settings = settings;
        _inner = (1 << settings.Depth) - 1;
        _nodes = (2 << settings.Depth) - 1;
        _least = settings.Window / 10.0;
        _features = new byte[settings.Trees * _inner];
        _cuts = new float[settings.Trees * _inner];
        _reference = new ushort[settings.Trees * _nodes];
        _latest = new ushort[settings.Trees * _nodes];
        var chance = settings.Seed;
        var (low, high) = (new float[settings.Dimensions], new float[settings.Dimensions]);
        for (var tree = 0; tree < settings.Trees; tree++)
        {
            for (var feature = 0; feature < settings.Dimensions; feature++)
            {
                var centre = (float)Uniform(ref chance);
                var reach = 2 * Math.Max(centre, 1 - centre);
                (low[feature], high[feature]) = (centre - reach, centre + reach);
            }

            Draw(tree, 0, low, high, ref chance);
        }
    }

    /// <summary>Gets the bytes that <see cref="Save"/> writes.</summary>
    public int StoredLength => HeadLength + (2 * _reference.Length * sizeof(ushort));

    /// <summary>Says how alone a point is.</summary>
    /// <param name="point">A number for each feature, best within 0 to 1; what lies outside counts as the nearest end, what is no number as the middle.</param>
    /// <param name="parts">Room for each feature's part, which add up to the whole; empty for none.</param>
    /// <returns>Nats: 0 for a point as usual as chance would have it, above it for one that is alone; finite, at most ln(2 · window + 1).</returns>
    public double Score(ReadOnlySpan<float> point, Span<double> parts = default)
    {
        Demand(point);
        parts.Clear();
        if (!_hasReference) return 0;
        var total = 0.0;
        for (var tree = 0; tree < _settings.Trees; tree++)
        {
            var (node, mass) = (0, _settings.Window + Prior);
            while (node < _inner && mass >= _least)
            {
                var cut = (tree * _inner) + node;
                node = Next(node, cut, point);
                var below = _reference[(tree * _nodes) + node] + Prior;
                var part = Math.Log(mass / (2 * below)) / _settings.Trees;
                total += part;
                if (!parts.IsEmpty) parts[_features[cut]] += part;
                mass = below;
            }
        }

        return total;
    }

    /// <summary>Counts a point.</summary>
    /// <param name="point">As for <see cref="Score"/>.</param>
    public void Learn(ReadOnlySpan<float> point)
    {
        Demand(point);
        for (var tree = 0; tree < _settings.Trees; tree++)
        {
            for (var node = 0; ;)
            {
                _latest[(tree * _nodes) + node]++;
                if (node >= _inner) break;
                node = Next(node, (tree * _inner) + node, point);
            }
        }

        if (++_seen < _settings.Window) return;
        (_reference, _latest) = (_latest, _reference);
        Array.Clear(_latest);
        (_seen, _hasReference) = (0, true);
    }

    /// <summary>Writes <see cref="StoredLength"/> bytes.</summary>
    public void Save(Span<byte> room)
    {
        WriteHead(room);
        var counts = MemoryMarshal.Cast<byte, ushort>(room[HeadLength..StoredLength]);
        _reference.CopyTo(counts);
        _latest.CopyTo(counts[_reference.Length..]);
    }

    /// <summary>Takes what is stored.</summary>
    /// <returns>False for anything but a forest of this form and of equal settings: then it has seen nothing.</returns>
    public bool Load(ReadOnlySpan<byte> stored)
    {
        Clear();
        Span<byte> head = stackalloc byte[HeadLength];
        WriteHead(head);
        if (stored.Length != StoredLength || !stored[..20].SequenceEqual(head[..20])) return false;
        _seen = BinaryPrimitives.ReadInt32LittleEndian(stored[20..]);
        _hasReference = stored[24] == 1;
        var counts = MemoryMarshal.Cast<byte, ushort>(stored[HeadLength..]);
        counts[.._reference.Length].CopyTo(_reference);
        counts[_reference.Length..].CopyTo(_latest);
        if (_seen >= 0 && _seen < _settings.Window && AreWhole(_reference, _hasReference ? _settings.Window : 0) && AreWhole(_latest, _seen)) return true;
        Clear();
        return false;
    }

    private int Next(int node, int cut, ReadOnlySpan<float> point)
    {
        var value = point[_features[cut]];
        value = float.IsNaN(value) ? 0.5f : Math.Clamp(value, 0, 1);
        return (2 * node) + (value < _cuts[cut] ? 1 : 2);
    }

    private void Draw(int tree, int node, float[] low, float[] high, ref ulong chance)
    {
        if (node >= _inner) return;
        var feature = (int)(Uniform(ref chance) * _settings.Dimensions);
        var (from, to) = (low[feature], high[feature]);
        var middle = (from + to) / 2;
        _features[(tree * _inner) + node] = (byte)feature;
        _cuts[(tree * _inner) + node] = middle;
        high[feature] = middle;
        Draw(tree, (2 * node) + 1, low, high, ref chance);
        (low[feature], high[feature]) = (middle, to);
        Draw(tree, (2 * node) + 2, low, high, ref chance);
        low[feature] = from;
    }

    /// <summary>In every tree each node holds what its halves hold.</summary>
    private bool AreWhole(ReadOnlySpan<ushort> counts, int points)
    {
        for (var tree = 0; tree < _settings.Trees; tree++)
        {
            var nodes = counts.Slice(tree * _nodes, _nodes);
            if (nodes[0] != points) return false;
            for (var node = 0; node < _inner; node++)
            {
                if (nodes[node] != nodes[(2 * node) + 1] + nodes[(2 * node) + 2]) return false;
            }
        }

        return true;
    }

    private void WriteHead(Span<byte> room)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, Form);
        BinaryPrimitives.WriteUInt64LittleEndian(room[4..], _settings.Seed);
        (room[12], room[13], room[14], room[15]) = ((byte)_settings.Dimensions, (byte)_settings.Trees, (byte)_settings.Depth, 0);
        BinaryPrimitives.WriteInt32LittleEndian(room[16..], _settings.Window);
        BinaryPrimitives.WriteInt32LittleEndian(room[20..], _seen);
        BinaryPrimitives.WriteInt32LittleEndian(room[24..], _hasReference ? 1 : 0);
    }

    private void Clear()
    {
        Array.Clear(_reference);
        Array.Clear(_latest);
        (_seen, _hasReference) = (0, false);
    }

    private void Demand(ReadOnlySpan<float> point)
    {
        if (point.Length != _settings.Dimensions) throw new ArgumentException($"A point has {_settings.Dimensions} features here, not {point.Length}.", nameof(point));
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; public domain), as a number of 0 inclusive to 1 exclusive.</summary>
    private static double Uniform(ref ulong state)
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
