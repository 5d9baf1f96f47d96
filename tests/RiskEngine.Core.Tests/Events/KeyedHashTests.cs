using System.Buffers.Binary;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Events;

public sealed class KeyedHashTests
{
    private readonly KeyedHash _hash = new([.. Enumerable.Range(0, 16).Select(x => (byte)x)]);

    /// <summary>Vectors of SipHash-2-4 with 128 bits for the key 00…0F and the message 00, 01, 02…, as another implementation computes them.</summary>
    [Theory]
    [InlineData(0, "A3817F04BA25A8E66DF67214C7550293")]
    [InlineData(1, "DA87C1D86B99AF44347659119B22FC45")]
    [InlineData(7, "A1F1EBBED8DBC153C0B84AA61FF08239")]
    [InlineData(8, "3B62A9BA6258F5610F83E264F31497B4")]
    [InlineData(15, "5493E99933B0A8117E08EC0F97CFC3D9")]
    [InlineData(16, "6EE2A4CA67B054BBFD3315BF85230577")]
    [InlineData(31, "2939B0183223FAFC1723DE4F52C43D35")]
    [InlineData(63, "5150D1772F50834A503E069A973FBD7C")]
    public void It_is_siphash_with_128_bits(int length, string expected)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, _hash.Hash([.. Enumerable.Range(0, length).Select(x => (byte)x)]));
        Assert.Equal(expected, Convert.ToHexString(bytes));
    }

    [Fact]
    public void Another_tweak_or_key_gives_another_hash()
    {
        var other = new KeyedHash("another key 16 b"u8);
        Assert.Equal(4, new HashSet<UInt128> { _hash.Hash("jane"u8), _hash.Hash("jane"u8, 1), _hash.Hash("jane"u8, 2), other.Hash("jane"u8) }.Count);
    }

    [Theory, InlineData(0), InlineData(15), InlineData(17)]
    public void A_key_of_another_length_is_refused(int length) => Assert.Throws<ArgumentException>(() => new KeyedHash(new byte[length]));

    [Fact]
    public void A_pseudonym_of_a_name_is_stable_and_not_hashed_twice()
    {
        var batch = new EventBatch();
        var name = batch.String(batch.AppendUnknownName(_hash, "ghost"u8));
        Assert.Matches("^~[0-9a-f]{32}$", name);
        Assert.Equal(name, batch.String(batch.AppendUnknownName(_hash, "ghost"u8)));
        Assert.Equal(name, batch.String(batch.AppendUnknownName(_hash, System.Text.Encoding.ASCII.GetBytes(name))));
        Assert.NotEqual(name, batch.String(batch.AppendUnknownName(_hash, "Ghost"u8)));
    }
}
