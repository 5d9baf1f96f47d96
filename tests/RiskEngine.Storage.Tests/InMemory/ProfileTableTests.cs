using RiskEngine.Core.Models;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Storage.Tests.InMemory;

public sealed class ProfileTableTests
{
    [Fact]
    public void Profiles_of_every_length_come_back_as_they_were_after_growing_and_evicting()
    {
        var random = new Random(3);
        var table = new ProfileTable(500);
        Dictionary<UInt128, byte[]> model = [];
        for (var i = 0; i < 50_000; i++)
        {
            UInt128 key = (ulong)random.Next(2000);
            var bytes = new byte[SubjectProfile.HeaderLength + (random.Next(SubjectProfile.Capacity + 1) * SubjectProfile.EntryLength)];
            random.NextBytes(bytes);
            table.Put(key, bytes, 0);
            model[key] = bytes;
            UInt128 asked = (ulong)random.Next(2000);
            var found = table.Find(asked);
            if (!found.IsEmpty) Assert.True(found.SequenceEqual(model[asked]));
        }

        Assert.Equal(500, table.Count);
        Assert.True(table.Evictions > 0);
    }

    [Fact]
    public void Profiles_of_one_length_come_back_as_they_were_however_many_there_are()
    {
        const int Profiles = 20_000;
        var table = new ProfileTable(100_000);
        for (var i = 0; i < Profiles; i++) table.Put((UInt128)i, Some(i), 0);
        for (var i = 0; i < Profiles; i++) Assert.True(table.Find((UInt128)i).SequenceEqual(Some(i)));

        static byte[] Some(int i)
        {
            var bytes = new byte[SubjectProfile.HeaderLength + SubjectProfile.EntryLength];
            new Random(i).NextBytes(bytes);
            return bytes;
        }
    }
}
