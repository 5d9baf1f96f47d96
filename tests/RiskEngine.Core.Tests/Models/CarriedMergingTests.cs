using System.Runtime.InteropServices;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

/// <summary>Models of the fleet that several judges carried on from the same state, against one judge who saw everything.</summary>
public sealed class CarriedMergingTests
{
    private const uint Start = 1_790_000_000, Day = 86_400;
    private const int Judges = 3;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public void Merged_tables_of_novelty_are_what_one_judge_makes_of_it_all(int seed) => Check<NoveltyTable>(seed, 200, (table, random, at) =>
        table.Observe(
            random.Next(NoveltyTable.Cells),
            new LoginNovelty((NetworkNovelty)random.Next(1, 6), (NetworkNovelty)random.Next(1, 6), (DeviceNovelty)random.Next(1, 5)),
            random.NextSingle(),
            at));

    [Theory, MemberData(nameof(Seeds))]
    public void Merged_drift_is_what_one_judge_makes_of_it_all_within_its_first_week(int seed) => Check<ScoreDrift>(seed, 2, Login);

    [Theory, MemberData(nameof(Seeds))]
    public void Merged_drift_is_what_one_judge_makes_of_it_all_after_its_first_week(int seed) => Check<ScoreDrift>(seed, 3, Login, drift =>
    {
        for (var i = 0u; i < 300; i++) drift.Observe(1, -5, Start - (10 * Day) + i);
        for (var i = 0u; i < 300; i++) drift.Observe(1, -5, Start - (2 * Day) + i);
    });

    [Fact]
    public void A_model_that_takes_over_at_one_judge_is_not_undone_by_another_that_still_has_the_one_before()
    {
        var before = new ScoreDrift();
        before.Observe(1, -5, Start);
        var (old, fresh) = (Copy(before), Copy(before));
        old.Observe(1, -5, Start + 10);
        fresh.Observe(2, -5, Start + 20);
        var expected = Bytes(fresh);

        var oldFirst = Copy(old);
        Assert.True(oldFirst.TryMerge(Copy(fresh), Copy(before)));
        var newFirst = Copy(fresh);
        Assert.True(newFirst.TryMerge(Copy(old), Copy(before)));
        Assert.Equal(expected, Bytes(oldFirst));
        Assert.Equal(expected, Bytes(newFirst));
    }

    private static void Login(ScoreDrift drift, Random random, uint at) => drift.Observe(1, -8 + (random.NextDouble() * 8), at);

    /// <summary>All begin with the same model; each adds its own within some days; the merges come in any order.</summary>
    private static void Check<TModel>(int seed, int days, Action<TModel, Random, uint> happen, Action<TModel>? first = null)
        where TModel : class, ICarriedModel<TModel>, new()
    {
        var random = new Random(seed);
        var before = new TModel();
        first?.Invoke(before);
        for (var i = 1 + random.Next(50); i > 0; i--) happen(before, random, Start);
        var all = Copy(before);
        var mine = new TModel[Judges];
        List<(int Judge, int Chance, uint At)> events = [.. Enumerable.Range(0, 300).Select(_ => (random.Next(Judges), random.Next(), Start + (uint)random.Next(days * (int)Day))).OrderBy(e => e.Item3)];
        for (var judge = 0; judge < Judges; judge++) mine[judge] = Copy(before);
        foreach (var (judge, chance, at) in events)
        {
            happen(mine[judge], new Random(chance), at);
            happen(all, new Random(chance), at);
        }

        for (var order = 0; order < 6; order++)
        {
            random.Shuffle(mine);
            var current = Copy(before);
            foreach (var made in mine) Assert.True(current.TryMerge(Copy(made), Copy(before)));
            AssertSame(Bytes(all), Bytes(current));
        }
    }

    /// <summary>The numbers of time are equal, the counts but for rounding: 300 of them fade some hundred times.</summary>
    private static void AssertSame(byte[] expected, byte[] actual)
    {
        var wanted = MemoryMarshal.Cast<byte, float>(expected);
        var got = MemoryMarshal.Cast<byte, float>(actual);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(wanted[i]) != BitConverter.SingleToUInt32Bits(got[i])) Assert.InRange(got[i], (wanted[i] * 0.99998) - 1e-5, (wanted[i] * 1.00002) + 1e-5);
        }
    }

    private static TModel Copy<TModel>(TModel model)
        where TModel : class, ICarriedModel<TModel>, new()
    {
        var copy = new TModel();
        copy.CopyFrom(model);
        return copy;
    }

    private static byte[] Bytes<TModel>(TModel model)
        where TModel : class, ICarriedModel<TModel>, new()
    {
        var bytes = new byte[TModel.StoredLength];
        model.Save(bytes);
        return bytes;
    }
}
