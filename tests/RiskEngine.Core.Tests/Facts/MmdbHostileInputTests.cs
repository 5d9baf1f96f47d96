using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Core.Tests.Facts;

public sealed class MmdbHostileInputTests(ITestOutputHelper output)
{
    private static readonly string[] Small =
    [
        "MaxMind-DB-test-decoder.mmdb", "MaxMind-DB-test-pointer-decoder.mmdb", "MaxMind-DB-test-ipv4-24.mmdb", "MaxMind-DB-test-mixed-28.mmdb",
        "MaxMind-DB-test-ipv6-32.mmdb", "MaxMind-DB-test-nested.mmdb", "MaxMind-DB-test-metadata-pointers.mmdb", "GeoIP2-Anonymous-IP-Test.mmdb", "GeoLite2-City-Test.mmdb",
    ];

    [SharedDataFact]
    public void Twenty_thousand_corruptions_neither_throw_nor_hang()
    {
        var random = new Random(20_261_121);
        var files = Small.Select(TestDatabases.Bytes).ToArray();
        int opened = 0, faults = 0, refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var file = files[round % files.Length].ToArray();
            for (var flips = random.Next(1, 9); flips > 0; flips--) file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(10) == 0) file = file[..random.Next(file.Length)];
            if (MmdbReader.TryOpen(file, out var reader) != MmdbFault.None) continue;
            opened++;
            if (MmdbCheck.Run(reader!).Fault != MmdbFault.None) refused++;
            for (var i = 0; i < 8; i++)
            {
                var address = i % 2 == 0 ? IpAddress.FromIPv4((uint)random.NextInt64(1L << 32)) : new IpAddress((ulong)random.NextInt64(), (ulong)random.NextInt64());
                if (i == 6) address = IpAddress.Parse("1.1.1.1");
                if (i == 7) address = IpAddress.Parse("81.2.69.160");
                if (!Use(reader!, address)) faults++;
            }

            foreach (var network in reader!.Networks().Take(20)) Use(reader, network.Address);
        }

        output.WriteLine($"{opened} opened, {refused} refused by the check, {faults} faulty look-ups");
        Assert.True(opened > 1000 && refused > 100);
    }

    [Fact]
    public void A_pointer_to_a_pointer_is_refused() => Assert.Equal(MmdbFault.BadPointer, Fault([0x20, 0x02, 0x20, 0x00]));

    [Fact]
    public void A_pointer_to_itself_is_refused() => Assert.Equal(MmdbFault.BadPointer, Fault([0x20, 0x00]));

    [Fact]
    public void A_pointer_out_of_the_data_is_refused() => Assert.Equal(MmdbFault.BadPointer, Fault([0x27, 0xFF]));

    [Fact]
    public void A_string_longer_than_the_data_is_refused() => Assert.Equal(MmdbFault.FieldBeyondData, Fault([0x45, 0x41]));

    [Fact]
    public void A_map_that_cannot_fit_is_refused() => Assert.Equal(MmdbFault.FieldBeyondData, Fault([0xFF, 0xFF, 0xFF, 0xFF]));

    [Theory, InlineData(5), InlineData(6)]
    public void Markers_of_caches_and_ends_are_refused(byte extended) => Assert.Equal(MmdbFault.BadType, Fault([0x00, extended]));

    [Fact]
    public void A_double_of_four_bytes_is_refused() => Assert.Equal(MmdbFault.BadSize, Fault([0x64, 0, 0, 0, 0]));

    [Fact]
    public void An_extended_type_below_eight_is_refused() => Assert.Equal(MmdbFault.BadType, Fault([0x00, 0x00]));

    [Fact]
    public void A_map_that_holds_itself_ends()
    {
        // A map with one entry, key "a", whose value points back to the map.
        byte[] data = [0xE1, 0x41, 0x61, 0x20, 0x00];
        var reader = TestDatabases.Open(Synthetic.Database(data));
        reader.Find(IpAddress.Parse("1.2.3.4"), out var record, out _);

        Assert.Equal(MmdbFault.TooDeep, MmdbText.TryWrite(reader, record, out _));
        Assert.Equal(MmdbFault.TooDeep, MmdbCheck.Run(reader).Fault);
    }

    [Fact]
    public void A_record_that_doubles_at_every_level_ends()
    {
        // Arrays of two pointers, each to the array before: 2^25 values in 25 levels.
        var data = new List<byte> { 0xA1, 0x01 };
        for (var level = 0; level < 25; level++)
        {
            var target = level == 0 ? 0 : 2 + ((level - 1) * 6);
            data.AddRange([0x02, 0x04, (byte)(0x20 | (target >> 8)), (byte)target, (byte)(0x20 | (target >> 8)), (byte)target]);
        }

        var reader = TestDatabases.Open(Synthetic.Database([.. data], record: 2 + (24 * 6)));
        reader.Find(IpAddress.Parse("1.2.3.4"), out var record, out _);

        Assert.Equal(MmdbFault.TooLarge, MmdbText.TryWrite(reader, record, out _));
    }

    [Fact]
    public void A_tree_that_leads_back_into_itself_ends()
    {
        var reader = TestDatabases.Open(Synthetic.Database([0xE0], loop: true));

        Assert.Equal(MmdbFault.TreeTooDeep, reader.Find(IpAddress.Parse("1.2.3.4"), out var record, out _));
        Assert.Equal(-1, record);
        Assert.Empty(reader.Networks());
    }

    [Fact]
    public void A_record_behind_the_data_is_a_fault() =>
        Assert.Equal(MmdbFault.RecordBeyondData, TestDatabases.Open(Synthetic.Database([0xE0], record: 500)).Find(IpAddress.Parse("1.2.3.4"), out _, out _));

    [SharedDataFact]
    public void Cut_anywhere_a_file_is_refused_or_gives_faults()
    {
        var whole = TestDatabases.Bytes("GeoLite2-ASN-Test.mmdb");
        for (var length = 0; length < whole.Length; length += 101)
        {
            Assert.NotEqual(MmdbFault.None, MmdbReader.TryOpen(whole.AsMemory(0, length), out var reader) is var fault && reader is not null ? MmdbCheck.Run(reader).Fault : fault);
        }
    }

    [Theory]
    [InlineData(3, 24, 4, MmdbFault.UnsupportedVersion)]
    [InlineData(2, 20, 4, MmdbFault.UnsupportedRecordSize)]
    [InlineData(2, 24, 5, MmdbFault.UnsupportedIpVersion)]
    public void Formats_that_are_not_known_are_refused(byte version, byte bits, byte ip, MmdbFault fault) =>
        Assert.Equal(fault, MmdbReader.TryOpen(Synthetic.Database([0xE0], version: version, bits: bits, ip: ip), out _));

    [Fact]
    public void Every_fault_has_words() => Assert.All(Enum.GetValues<MmdbFault>(), fault => Assert.NotEqual("", fault.Text()));

    private static MmdbFault Fault(byte[] data)
    {
        var decoder = new MmdbDecoder(data);
        Assert.False(decoder.TryRead(0, out _));
        return decoder.Fault;
    }

    private static bool Use(MmdbReader reader, IpAddress address)
    {
        if (reader.Find(address, out var record, out _) != MmdbFault.None) return false;
        if (record < 0) return true;
        var facts = AddressFacts.Unknown;
        var read = GeoSchema.Read(reader, record, ref facts);
        GeoSchema.City(reader, record);
        GeoSchema.AutonomousSystem(reader, record);
        return MmdbText.TryWrite(reader, record, out _) == MmdbFault.None && read == MmdbFault.None;
    }
}
