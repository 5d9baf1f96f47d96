using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RiskEngine.Core.Models;

/// <summary>How often the fleet's own people bring something new: by the time since their last login and how much is known of them.</summary>
/// <remarks>
/// A contingency table of place and device (<see cref="NetworkNovelty"/>, <see cref="DeviceNovelty"/>) in every cell of gap and history length, counted
/// from accepted logins, one event at a time, and fading by half in ninety days. A cell seen seldom leans on its own margins, and those on
/// <see cref="NoveltyPrior"/>, each by additive smoothing, so that it is useful from the first login on and no probability is ever zero.
/// Fixed size (<see cref="StoredLength"/> bytes). Not thread-safe; deterministic: the same logins in the same order give the same bits.
/// </remarks>
public sealed class NoveltyTable : ICarriedModel<NoveltyTable>
{
    /// <summary>Form of what is stored, and the one before it, of which the counts are kept; a table of any other form starts anew.</summary>
    private const uint Form = 0x4E_4F_56_02, FormerForm = 0x4E_4F_56_01;

    /// <summary>Where counts begin in the former form: rarity had ten buckets there, and first logins none.</summary>
    private const int FormerHeadLength = 48;

    private const int Places = 6, Devices = 5, CellLength = Places * Devices, Histories = 5;

    /// <summary>Imaginary logins of the prior in each margin of a cell.</summary>
    private const float MarginPrior = 25;

    /// <summary>Imaginary logins in each cell for which place and device go independently.</summary>
    private const float CellPrior = 25;

    private static int HeadLength => 8 + (2 * RarityLength);

    private static int RarityLength => System.Runtime.CompilerServices.Unsafe.SizeOf<RarityHistogram>();

    private static int CountsLength => Cells * CellLength * sizeof(float);

    private const uint Day = 86_400;
    private const float HalfLifeDays = 90;

    /// <summary>The longest gap of each but the last; nothing is longer than the eighth.</summary>
    private static readonly Vector256<uint> LongestGaps = Vector256.Create(59, 599, 3599, Day - 1, (7 * Day) - 1, (30 * Day) - 1, (90 * Day) - 1, uint.MaxValue);

    /// <summary>Logins of the prior in the margins of each cell, and how much likelier a place goes with each of its devices.</summary>
    private static readonly float[] PlacePriors = Priors(Places, (gap, history, place) => NoveltyPrior.Network(gap, history, (NetworkNovelty)place));
    private static readonly float[] DevicePriors = Priors(Devices, (gap, history, device) => NoveltyPrior.Device(gap, history, (DeviceNovelty)device));
    private static readonly Vector128<float>[] Affinities = [.. Enumerable.Range(0, Places).Select(AffinitiesOf)];

    private readonly float[] _counts = new float[Cells * CellLength];
    private readonly CellChances[] _chances = new CellChances[Cells];
    private readonly bool[] _isFresh = new bool[Cells];
    private uint _day;

    /// <summary>How rare the systems are that honest people turn up in anew.</summary>
    public RarityHistogram Rarity;

    /// <summary>How rare the systems are that people log in from for the first time.</summary>
    public RarityHistogram FirstRarity;

    /// <summary>Number of gaps times number of history lengths.</summary>
    public const int Cells = 8 * Histories;

    /// <summary>Length in bytes of what is stored.</summary>
    public static int StoredLength => HeadLength + CountsLength;

    /// <summary>The cell of a login.</summary>
    /// <param name="gapSeconds">Time since the subject's last accepted login.</param>
    /// <param name="logins">Accepted logins before, at least 1.</param>
    public static int CellOf(uint gapSeconds, uint logins) => (GapOf(gapSeconds) * Histories) + HistoryOf(logins);

    /// <summary>Counts an accepted login.</summary>
    /// <param name="at">Event time in Unix seconds; a new day fades what was counted, an earlier one does not.</param>
    /// <param name="systemShare">The share of the fleet that the login's autonomous system has.</param>
    public void Observe(int cell, in LoginNovelty novelty, float systemShare, uint at)
    {
        Fade(at / Day);
        _counts[(cell * CellLength) + ((int)novelty.Network * Devices) + (int)novelty.Device]++;
        if (novelty.Network >= NetworkNovelty.Country) Rarity.Observe(systemShare);
        _isFresh[cell] = false;
    }

    /// <summary>Counts the first accepted login of a subject.</summary>
    /// <param name="systemShare">The share of the fleet that the login's autonomous system had before it.</param>
    /// <param name="at">Event time in Unix seconds.</param>
    public void ObserveFirst(float systemShare, uint at)
    {
        Fade(at / Day);
        FirstRarity.Observe(systemShare);
    }

    /// <summary>Takes one login out of a cell again, as far as it has not faded.</summary>
    public void Forget(int cell, NetworkNovelty place, DeviceNovelty device)
    {
        ref var count = ref _counts[(cell * CellLength) + ((int)place * Devices) + (int)device];
        count = MathF.Max(count - 1, 0);
        _isFresh[cell] = false;
    }

    /// <summary>Chances of every place and device in a cell; the reference holds until the table changes.</summary>
    public ref readonly CellChances Chances(int cell)
    {
        if (!_isFresh[cell])
        {
            Calculate(cell, ref _chances[cell]);
            _isFresh[cell] = true;
        }

        return ref _chances[cell];
    }

    private void Calculate(int cell, ref CellChances chances)
    {
        var counts = _counts.AsSpan(cell * CellLength, CellLength);
        Span<float> places = stackalloc float[Places];
        Span<float> devices = stackalloc float[Devices];
        float placeSum = 0, deviceSum = 0, bothSum = 0;
        for (var place = 0; place < Places; place++)
        {
            for (var device = 0; device < Devices; device++)
            {
                var count = counts[(place * Devices) + device];
                (places[place], devices[device]) = (places[place] + count, devices[device] + count);
                if (place > 0) placeSum += count;
                if (device > 0) deviceSum += count;
                if (place > 0 && device > 0) bothSum += count;
            }
        }

        for (var place = 1; place < Places; place++) places[place] = (places[place] + PlacePriors[(cell * Places) + place]) / (placeSum + MarginPrior);
        for (var device = 1; device < Devices; device++) devices[device] = (devices[device] + DevicePriors[(cell * Devices) + device]) / (deviceSum + MarginPrior);

        // A place with its four devices at once; the sum goes one by one, so that its bits do not depend on the machine.
        Span<float> joint = chances.All;
        var byDevice = Vector128.Create<float>(devices[1..]);
        var affine = 0f;
        for (var place = 1; place < Places; place++)
        {
            var row = joint.Slice((place - 1) * 4, 4);
            (Vector128.Create(places[place]) * byDevice * Affinities[place]).CopyTo(row);
            foreach (var product in row) affine += product;
        }

        for (var place = 1; place < Places; place++)
        {
            var row = joint.Slice((place - 1) * 4, 4);
            var prior = Vector128.Create<float>(row) / Vector128.Create(affine);
            var seen = Vector128.Create<float>(counts[((place * Devices) + 1)..]);
            ((seen + (Vector128.Create(CellPrior) * prior)) / Vector128.Create(bothSum + CellPrior)).CopyTo(row);
        }

        chances.NewPlace = 1 - places[(int)NetworkNovelty.Address];
        chances.NewSystem = places[(int)NetworkNovelty.Country] + places[(int)NetworkNovelty.Abroad];
        chances.NewDevice = 1 - devices[(int)DeviceNovelty.UserAgent];
    }

    private static float[] Priors(int levels, Func<int, int, int, float> chance)
    {
        var priors = new float[Cells * levels];
        for (var cell = 0; cell < Cells; cell++)
        {
            for (var level = 1; level < levels; level++) priors[(cell * levels) + level] = MarginPrior * chance(cell / Histories, cell % Histories, level);
        }

        return priors;
    }

    private static Vector128<float> AffinitiesOf(int place)
    {
        var affinities = Vector128<float>.Zero;
        for (var device = 1; device < Devices; device++) affinities = affinities.WithElement(device - 1, NoveltyPrior.Affinity((NetworkNovelty)place, (DeviceNovelty)device));
        return affinities;
    }

    /// <summary>Takes what is stored; anything else than a table of this form or the former one starts it anew.</summary>
    public void Load(ReadOnlySpan<byte> stored)
    {
        Array.Clear(_isFresh);
        (_day, Rarity, FirstRarity) = (0, default, default);
        var form = stored.Length < 8 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(stored);
        var head = form == Form ? HeadLength : form == FormerForm ? FormerHeadLength : int.MaxValue;
        if (stored.Length - CountsLength != head)
        {
            Array.Clear(_counts);
            return;
        }

        _day = BinaryPrimitives.ReadUInt32LittleEndian(stored[4..]);
        if (form == Form)
        {
            Rarity = MemoryMarshal.Read<RarityHistogram>(stored[8..]);
            FirstRarity = MemoryMarshal.Read<RarityHistogram>(stored[(8 + RarityLength)..]);
            Rarity.Repair();
            FirstRarity.Repair();
        }

        MemoryMarshal.Cast<byte, float>(stored[head..]).CopyTo(_counts);
        foreach (ref var count in _counts.AsSpan())
        {
            if (!(count >= 0 && float.IsFinite(count))) count = 0;
        }
    }

    /// <summary>Writes <see cref="StoredLength"/> bytes.</summary>
    public void Save(Span<byte> room)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, Form);
        BinaryPrimitives.WriteUInt32LittleEndian(room[4..], _day);
        MemoryMarshal.Write(room[8..], Rarity);
        MemoryMarshal.Write(room[(8 + RarityLength)..], FirstRarity);
        MemoryMarshal.AsBytes(_counts.AsSpan()).CopyTo(room[HeadLength..]);
    }

    public void CopyFrom(NoveltyTable other)
    {
        other._counts.CopyTo(_counts, 0);
        Array.Clear(_isFresh);
        (_day, Rarity, FirstRarity) = (other._day, other.Rarity, other.FirstRarity);
    }

    public bool TryMerge(NoveltyTable mine, NoveltyTable before)
    {
        var day = Math.Max(_day, mine._day);
        Fade(day);
        mine.Fade(day);
        before.Fade(day);
        MergedCounts.Add(_counts, mine._counts, before._counts);
        Rarity.Add(mine.Rarity, before.Rarity);
        FirstRarity.Add(mine.FirstRarity, before.FirstRarity);
        Array.Clear(_isFresh);
        return true;
    }

    private static int GapOf(uint seconds) => BitOperations.PopCount(Vector256.GreaterThan(Vector256.Create(seconds), LongestGaps).ExtractMostSignificantBits());

    private static int HistoryOf(uint logins) => logins switch { <= 1 => 0, <= 3 => 1, <= 7 => 2, <= 15 => 3, _ => 4 };

    private void Fade(uint day)
    {
        if (day <= _day) return;
        if (_day != 0)
        {
            var factor = MathF.Pow(2, -(day - _day) / HalfLifeDays);
            foreach (ref var count in _counts.AsSpan()) count *= factor;
            Rarity.Fade(factor);
            FirstRarity.Fade(factor);
            Array.Clear(_isFresh);
        }

        _day = day;
    }
}
