using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite.Journal;

public sealed class PendingRowsTests
{
    private readonly PendingRows _rows = new();

    [Fact]
    public void Rows_are_in_the_order_of_their_tables_whose_numbers_are_signed()
    {
        Add(1, (StateRowKind.Pair, new(0, 5), 1), (StateRowKind.Pair, new(9, ulong.MaxValue), 2), (StateRowKind.Profile, new(0, 7), 3));
        Add(2, (StateRowKind.Reputation, new(2, 1), 4), (StateRowKind.Reputation, new(1, 9), 5), (StateRowKind.Reputation, new(1, ulong.MaxValue), 6), (StateRowKind.Name, 3, 7));
        _rows.Sort();
        Assert.Equal([3, 6, 5, 4, 2, 1, 7], Values());
    }

    [Fact]
    public void The_newest_state_of_a_row_stands_for_all_of_its_states()
    {
        Add(1, (StateRowKind.Profile, 1, 1), (StateRowKind.Pair, 1, 2));
        Add(2, (StateRowKind.Profile, 1, 3));
        Add(3, (StateRowKind.Profile, 1, 4), (StateRowKind.Profile, new(1, 1), 5));
        _rows.Sort();
        Assert.Equal([4, 5, 2], Values());
        Assert.Equal(3, _rows.Commit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(300_000)]
    [InlineData(1 << 20)]
    public void Rows_of_any_length_come_back_as_they_were(int length)
    {
        var random = new Random(length);
        var bodies = Enumerable.Range(0, 5_000_000 / (length + 20_000)).Select(_ => new byte[length]).ToArray();
        for (var i = 0; i < bodies.Length; i++)
        {
            random.NextBytes(bodies[i]);
            var unit = new ByteBuffer();
            StateRow.Write(unit, StateRowKind.Profile, (UInt128)i, bodies[i]);
            _rows.Add(unit.Written, i);
        }

        _rows.Sort();
        Assert.Equal(bodies.Length, _rows.Count);
        for (var i = 0; i < bodies.Length; i++) Assert.Equal(bodies[i], _rows[i].Body.ToArray());
    }

    [Fact]
    public void Rows_that_end_too_early_are_damage()
    {
        var unit = new ByteBuffer();
        StateRow.Write(unit, StateRowKind.Profile, 1, new byte[100]);
        Assert.Throws<FormatException>(() => _rows.Add(unit.Written[..^1], 1));
    }

    [Fact]
    public void Once_filled_it_is_filled_again_without_allocating()
    {
        var unit = new ByteBuffer();
        for (var i = 0; i < 1000; i++) StateRow.Write(unit, StateRowKind.Pair, (UInt128)(ulong)(i * 7919), new byte[1500]);
        var sorted = 0;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 3; i++) _rows.Add(unit.Written, i);
            _rows.Sort();
            sorted = _rows.Count;
            _rows.Clear();
        }));
        Assert.Equal(1000, sorted);
    }

    [Fact]
    public void A_row_longer_than_any_can_be_is_damage()
    {
        var unit = new ByteBuffer();
        StateRow.Write(unit, StateRowKind.Profile, 1, new byte[(1 << 20) + 1]);
        Assert.Throws<FormatException>(() => _rows.Add(unit.Written, 1));
    }

    [Fact]
    public void Once_cleared_it_holds_what_comes_then_and_nothing_else()
    {
        Add(1, (StateRowKind.Pair, 1, 1), (StateRowKind.Pair, 2, 2));
        _rows.Sort();
        _rows.Clear();
        Add(2, (StateRowKind.Pair, 3, 3));
        _rows.Sort();
        Assert.Equal([3], Values());
    }

    private void Add(long commit, params (StateRowKind Kind, UInt128 Key, byte Value)[] rows)
    {
        var unit = new ByteBuffer();
        foreach (var (kind, key, value) in rows) StateRow.Write(unit, kind, key, [value]);
        _rows.Add(unit.Written, commit);
    }

    private int[] Values()
    {
        var values = new int[_rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = _rows[i].Body[0];
        return values;
    }
}
