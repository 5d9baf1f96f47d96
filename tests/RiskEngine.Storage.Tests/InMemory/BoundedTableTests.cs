using System.Runtime.CompilerServices;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.InMemory;

public sealed class BoundedTableTests
{
    [Fact]
    public void A_million_random_keys_leave_as_many_rows_as_the_cap_and_count_the_rest()
    {
        var table = new BoundedTable<long>(10_000);
        foreach (var key in Keys(1_000_000)) table.Put(key, 0) = (long)key;
        Assert.Equal(10_000, table.Count);
        Assert.Equal(990_000, table.Evictions);
    }

    [Fact]
    public void A_row_in_use_survives_a_flood_of_keys_seen_once()
    {
        var table = new BoundedTable<long>(1000);
        table.Put(7, 0) = 49;
        foreach (var key in Keys(100_000))
        {
            table.Put(key, 0) = 1;
            Assert.Equal(49, table.Find(7));
        }
    }

    [Fact]
    public void A_row_that_is_not_durable_is_never_given_up()
    {
        var table = new BoundedTable<long>(100) { StoredThrough = 0 };
        for (var i = 1; i <= 500; i++) table.Put((UInt128)i, commit: i) = i;
        Assert.Equal((500, 0), (table.Count, table.Evictions));
        table.StoredThrough = 500;
        for (var i = 501; i <= 1000; i++) table.Put((UInt128)i, commit: 0) = i;
        Assert.Equal(500, table.Count);
        Assert.Equal(500, table.Evictions);
    }

    [Fact]
    public void It_agrees_with_a_dictionary_whatever_is_put_and_asked()
    {
        var random = new Random(1);
        var table = new BoundedTable<long>(50_000);
        Dictionary<UInt128, long> model = [];
        for (var i = 0; i < 200_000; i++)
        {
            UInt128 key = new((ulong)random.Next(3) << 56, (ulong)random.Next(15_000));
            if (random.Next(2) == 0) table.Put(key, i) = model[key] = i;
            ref var row = ref table.Find(key);
            Assert.Equal(model.TryGetValue(key, out var expected), !Unsafe.IsNullRef(ref row));
            if (!Unsafe.IsNullRef(ref row)) Assert.Equal(expected, row);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(BoundedTable<long>.MostKeys)]
    public void Looked_for_together_keys_are_found_where_each_is_found_alone(int together)
    {
        var table = new BoundedTable<long>(5000);
        foreach (var key in Keys(20_000)) table.Put(key, 0) = (long)key;
        var slots = new int[BoundedTable<long>.MostKeys];
        foreach (var keys in Keys(20_000).Chunk(Math.Max(1, together)).Select(keys => keys[..Math.Min(together, keys.Length)]))
        {
            table.FindSlots(keys, slots);
            for (var i = 0; i < keys.Length; i++)
            {
                Assert.Equal(table.SlotOf(keys[i]), slots[i]);
                if (slots[i] >= 0) Assert.Equal((long)keys[i], table.RowAt(slots[i]));
            }
        }
    }

    [Fact]
    public void What_it_holds_after_many_evictions_is_right()
    {
        var table = new BoundedTable<long>(777);
        foreach (var key in Keys(50_000))
        {
            table.Put(key, 0) = (long)key;
            Assert.Equal((long)key, table.Find(key));
        }

        Assert.Equal(777, Keys(50_000).Count(table.Contains));
    }

    [Fact]
    public void A_full_table_allocates_nothing()
    {
        var table = new BoundedTable<long>(1000);
        foreach (var key in Keys(200_000)) table.Put(key, 0) = 1;
        var keys = Keys(1000).ToArray();
        Assert.Equal(0, Allocations.Least(() =>
        {
            foreach (var key in keys) table.Put(key, 0) = 2;
        }));
    }

    [Fact]
    public void Every_row_is_found_after_growing_over_pages_shrinking_and_growing_again()
    {
        const int Rows = 150_000;
        var table = new BoundedTable<long>(1_000_000);
        foreach (var key in Keys(Rows)) table.Put(key, 0) = (long)key;
        Assert.All(Keys(Rows), key => Assert.Equal((long)key, table.Find(key)));
        foreach (var key in Keys(Rows).Skip(500)) Assert.True(table.Remove(key));
        Assert.Equal(500, table.Count);
        foreach (var key in Keys(Rows)) table.Put(key, 0) = -(long)key;
        Assert.Equal(Rows, table.Count);
        Assert.All(Keys(Rows), key => Assert.Equal(-(long)key, table.Find(key)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9_999)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void A_row_is_put_under_its_key_whatever_slot_was_noted_for_it(int noted)
    {
        var table = new BoundedTable<long>(10_000);
        for (var i = 0; i < 10; i++) table.Put((UInt128)i, 0) = i;
        table.Put(7, 0, noted) = 70;
        table.Put(77, 0, noted) = 770;
        table.Approach([noted, 0, -1]);
        Assert.Equal((70, 770, 1, 11), (table.Find(7), table.Find(77), table.Find(1), table.Count));
    }

    private static IEnumerable<UInt128> Keys(int count)
    {
        var random = new Random(42);
        for (var i = 0; i < count; i++) yield return new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64());
    }

    [Fact]
    public void A_removed_row_is_gone_and_every_other_one_is_found()
    {
        var table = new BoundedTable<long>(10_000);
        for (long i = 0; i < 3000; i++) table.Put((UInt128)i, 0) = i;
        for (long i = 0; i < 3000; i += 3) Assert.True(table.Remove((UInt128)i));
        Assert.False(table.Remove(0));
        Assert.False(table.Remove(5000));
        Assert.Equal(2000, table.Count);
        for (long i = 0; i < 3000; i++)
        {
            Assert.Equal(i % 3 != 0, table.Contains((UInt128)i));
            if (i % 3 != 0) Assert.Equal(i, table.Find((UInt128)i));
        }

        Assert.Equal(2000, Enumerable.Range(0, table.Count).Select(table.KeyAt).Distinct().Count());
        for (long i = 0; i < 3000; i += 3) table.Put((UInt128)i, 0) = -i;
        Assert.Equal(3000, table.Count);
        Assert.Equal(-2997, table.Find(2997));
        Assert.Equal(0, table.Evictions);
    }
}
