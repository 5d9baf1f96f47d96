using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiskEngine.Core.Models;

namespace RiskEngine.Storage.Tests;

public sealed class StoredRowTests
{
    private readonly byte[] _packed = new byte[StoredRow.PackedLength<ReputationRow>()];

    [Fact]
    public void A_packed_row_comes_back_as_it_was_however_much_of_it_is_zero()
    {
        var random = new Random(1);
        var words = new uint[Unsafe.SizeOf<ReputationRow>() / sizeof(uint)];
        for (var kept = 0; kept <= words.Length; kept++)
        {
            Array.Clear(words);
            for (var i = 0; i < kept; i++) words[random.Next(words.Length)] = (uint)random.NextInt64();
            var row = MemoryMarshal.Cast<uint, ReputationRow>(words)[0];
            var stored = _packed.AsSpan(0, StoredRow.Pack(row, _packed));
            Assert.NotEqual(0, stored.Length % 4);
            Assert.True(StoredRow.TryRead<ReputationRow>(stored, out var read));
            Assert.Equal(words, MemoryMarshal.Cast<ReputationRow, uint>(new ReadOnlySpan<ReputationRow>(in read)).ToArray());
        }
    }

    [Fact]
    public void A_row_of_an_earlier_build_ends_early_packed_or_plain()
    {
        var row = new PairRow { LastSeen = 7 };
        Assert.True(StoredRow.TryRead<ReputationRow>(MemoryMarshal.AsBytes(new ReadOnlySpan<PairRow>(in row)), out var plain));
        Assert.True(StoredRow.TryRead<ReputationRow>(_packed.AsSpan(0, StoredRow.Pack(row, _packed)), out var packed));
        Assert.Equal(7u, MemoryMarshal.Cast<ReputationRow, uint>(new ReadOnlySpan<ReputationRow>(in plain))[4]);
        Assert.Equal(plain, packed);
    }

    [Fact]
    public void A_row_of_a_later_build_or_a_damaged_one_is_none()
    {
        var row = new ReputationRow { LastSeen = 7, FirstSeen = 1 };
        var stored = _packed.AsSpan(0, StoredRow.Pack(row, _packed));
        Assert.False(StoredRow.TryRead<PairRow>(stored, out _));
        Assert.False(StoredRow.TryRead<PairRow>(MemoryMarshal.AsBytes(new ReadOnlySpan<ReputationRow>(in row)), out _));
        Assert.False(StoredRow.TryRead<ReputationRow>(stored[..^5], out var read));
        Assert.Equal(default, read);
        Assert.False(StoredRow.TryRead<ReputationRow>([], out _));
        Assert.False(StoredRow.TryRead<ReputationRow>([34], out _));
    }
}
