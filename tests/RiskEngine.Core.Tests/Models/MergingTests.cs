using System.Runtime.InteropServices;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

/// <summary>Rows that several judges changed at the same time, against one judge who saw everything.</summary>
public sealed class MergingTests
{
    private const uint Start = 1_790_000_000;
    private const int Judges = 4;

    /// <summary>Counts are kept in 24 bits; some hundred additions and fadings leave a millionth.</summary>
    private const double Rounding = 1e-5;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Merged_reputation_is_what_one_judge_makes_of_it_all(int seed) => Check<ReputationRow>(seed, Happen, AssertSame);

    [Theory, MemberData(nameof(Seeds))]
    public void Merged_cells_of_names_are_what_one_judge_makes_of_it_all(int seed) => Check<NameRow>(seed, Happen, AssertSame);

    [Fact]
    public void What_one_judge_left_as_it_was_is_left_to_the_bit()
    {
        var (before, current) = (new DecayedMass(), new DecayedMass());
        before.Add(Start, 3, 100);
        current.Add(Start + 7, 5, 100);
        Assert.Equal(current, DecayedMass.Merge(current, before, before, 100));
    }

    [Fact]
    public void What_two_take_back_at_once_is_not_less_than_nothing()
    {
        var (before, mine) = (new DecayedMass { Value = 1, AsOf = Start }, new DecayedMass { Value = 0, AsOf = Start });
        Assert.Equal(0, DecayedMass.Merge(mine, mine, before, 100).Value);
    }

    [Fact]
    public void A_row_that_went_meanwhile_comes_back_with_what_was_added_to_it()
    {
        var before = new ReputationRow();
        for (var i = 0; i < 10; i++) Happen(ref before, new Random(i), Start);
        var mine = before;
        mine.Failures.Add(Start, 2, ReputationRow.HalfLife);
        var merged = ReputationRow.Merge(default, mine, before);
        Assert.Equal(2, merged.Failures.Value, 4);
        Assert.Equal(0, merged.Logins.Value);
    }

    [Fact]
    public void What_a_release_takes_out_stays_out_and_what_another_judge_saw_meanwhile_stays_in()
    {
        var before = new ReputationRow();
        for (var name = 0UL; name < 12; name++)
        {
            before.Failures.Add(Start, 1, ReputationRow.HalfLife);
            before.FailedNames.Add(name, Start, 3600);
        }

        var (released, current) = (before, before);
        (released.Failures, released.FailedNames) = (default, default);
        current.Failures.Add(Start + 5, 1, ReputationRow.HalfLife);
        current.FailedNames.Add(77, Start + 5, 3600);
        foreach (var merged in (ReputationRow[])[ReputationRow.Merge(current, released, before), ReputationRow.Merge(released, current, before)])
        {
            Assert.Equal(1, merged.Failures.At(Start + 5, ReputationRow.HalfLife), 3);
            Assert.Equal(1, merged.FailedNames.Count(Start + 5, 3600), 1);
        }
    }

    /// <summary>All begin with the same row; each adds its own; the merges come in any order, and each time the others are ahead.</summary>
    private static void Check<TRow>(int seed, Happening<TRow> happen, Action<TRow, TRow> assertSame)
        where TRow : struct, IMergeable<TRow>
    {
        var random = new Random(seed);
        TRow before = default;
        for (var i = random.Next(30); i > 0; i--) happen(ref before, random, Start + (uint)random.Next(86_400));
        var all = before;
        var mine = new TRow[Judges];
        for (var judge = 0; judge < Judges; judge++)
        {
            mine[judge] = before;
            for (var i = random.Next(30); i > 0; i--)
            {
                var (chance, at) = (random.Next(), Start + (uint)random.Next(4 * 86_400));
                happen(ref mine[judge], new Random(chance), at);
                happen(ref all, new Random(chance), at);
            }
        }

        for (var order = 0; order < 6; order++)
        {
            random.Shuffle(mine);
            var current = before;
            foreach (var made in mine) current = TRow.Merge(current, made, before);
            assertSame(all, current);
        }
    }

    private static void Happen(ref ReputationRow row, Random random, uint at)
    {
        var (what, who) = (random.Next(6), (ulong)random.NextInt64());
        row.FirstSeen = row.FirstSeen == 0 ? at : Math.Min(row.FirstSeen, at);
        row.LastSeen = Math.Max(row.LastSeen, at);
        if (what == 0) row.Failures.Add(at, 1, ReputationRow.HalfLife);
        if (what == 1) row.Successes.Add(at, 1, ReputationRow.HalfLife);
        if (what == 2) row.UnknownNames.Add(at, 1, ReputationRow.HalfLife);
        if (what == 3) row.Logins.Add(at, 1, ReputationRow.HalfLife);
        if (what == 4) row.Blocks.Add(at, 1, ReputationRow.BlockHalfLife);
        if (what == 5) row.Usual.Add(at, 1, FleetShares.HalfLife);
        if (what % 2 == 0) row.FailedNames.Add(who, at, ReputationRow.FailedNamesEpoch);
        else row.Subjects.Add(who, at, ReputationRow.SubjectsEpoch);
    }

    private static void Happen(ref NameRow row, Random random, uint at)
    {
        row.Failures.Add(at, 1, ReputationRow.HalfLife);
        row.Addresses.Add((ulong)random.NextInt64(), at, ReputationRow.FailedNamesEpoch);
    }

    private static void AssertSame(ReputationRow expected, ReputationRow actual)
    {
        AssertSame(expected.Failures, actual.Failures);
        AssertSame(expected.Successes, actual.Successes);
        AssertSame(expected.UnknownNames, actual.UnknownNames);
        AssertSame(expected.Logins, actual.Logins);
        AssertSame(expected.Blocks, actual.Blocks);
        AssertSame(expected.Usual, actual.Usual);
        Assert.Equal((expected.FirstSeen, expected.LastSeen), (actual.FirstSeen, actual.LastSeen));
        Assert.Equal(BytesOf(expected.FailedNames), BytesOf(actual.FailedNames));
        Assert.Equal(BytesOf(expected.Subjects), BytesOf(actual.Subjects));
    }

    private static void AssertSame(NameRow expected, NameRow actual)
    {
        AssertSame(expected.Failures, actual.Failures);
        Assert.Equal(BytesOf(expected.Addresses), BytesOf(actual.Addresses));
    }

    private static void AssertSame(DecayedMass expected, DecayedMass actual)
    {
        Assert.Equal(expected.AsOf, actual.AsOf);
        Assert.InRange(actual.Value, expected.Value * (1 - Rounding), expected.Value * (1 + Rounding));
    }

    private static byte[] BytesOf(DistinctSketch sketch) => MemoryMarshal.AsBytes(new ReadOnlySpan<DistinctSketch>(in sketch)).ToArray();

    private delegate void Happening<TRow>(ref TRow row, Random random, uint at);
}
