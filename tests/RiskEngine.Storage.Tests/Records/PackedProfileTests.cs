using RiskEngine.Core.Models;
using RiskEngine.Storage.Records;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Records;

public sealed class PackedProfileTests
{
    private readonly byte[] _packed = new byte[PackedProfile.MaxLength];
    private readonly byte[] _room = new byte[SubjectProfile.MaxLength];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(SubjectProfile.Capacity)]
    public void A_profile_comes_back_as_it_was(int logins)
    {
        foreach (var profile in new[] { Random(logins), Habitual(logins) })
        {
            var stored = _packed.AsSpan(0, PackedProfile.Write(profile, _packed));
            Array.Fill(_room, (byte)0xFF);
            Assert.True(PackedProfile.TryRead(stored, _room));
            Assert.Equal(profile, _room[..profile.Length]);
        }
    }

    [Fact]
    public void A_full_history_of_habits_takes_less_than_half()
    {
        var profile = Habitual(SubjectProfile.Capacity);
        Assert.InRange(PackedProfile.Write(profile, _packed), 50 * 12, profile.Length / 2);
    }

    [Fact]
    public void The_longest_of_all_has_room()
    {
        var profile = Random(SubjectProfile.Capacity);
        Assert.InRange(PackedProfile.Write(profile, _packed), profile.Length, _packed.Length);
    }

    [Fact]
    public void Profiles_that_are_stored_plain_are_read_as_before()
    {
        var profile = Habitual(7);
        Assert.True(PackedProfile.TryRead(profile, _room));
        Assert.Equal(profile, _room[..profile.Length]);
    }

    [Fact]
    public void One_that_is_cut_or_goes_on_is_none_and_leaves_an_empty_room()
    {
        var stored = _packed.AsSpan(0, PackedProfile.Write(Habitual(9), _packed) + 1);
        Assert.False(PackedProfile.TryRead(stored, _room));
        for (var length = 0; length < stored.Length - 1; length++)
        {
            Assert.False(PackedProfile.TryRead(stored[..length], _room));
            Assert.DoesNotContain(_room[..SubjectProfile.HeaderLength], value => value != 0);
        }
    }

    [Fact]
    public void Whatever_the_bytes_are_nothing_is_thrown_and_nothing_is_written_beyond_the_room()
    {
        var random = new Random(5);
        var stored = _packed.AsSpan(0, PackedProfile.Write(Random(12), _packed)).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bent = stored.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--) bent[random.Next(bent.Length)] = (byte)random.Next(256);
            if (PackedProfile.TryRead(bent, _room)) Assert.InRange(new SubjectProfile(_room).Logins.Length, 0, SubjectProfile.Capacity);
        }
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(3, 1_763_000_000u)]
    public void The_first_login_is_read_without_the_others(int logins, uint first)
    {
        var profile = Habitual(logins);
        var stored = _packed.AsSpan(0, PackedProfile.Write(profile, _packed));
        Assert.Equal((first, first), (PackedProfile.FirstLogin(profile), PackedProfile.FirstLogin(stored)));
        Assert.Equal(0u, PackedProfile.FirstLogin(stored[..4]));
        Assert.Equal(0u, PackedProfile.FirstLogin([]));
    }

    [Fact]
    public void A_later_version_is_not_read()
    {
        var stored = _packed.AsSpan(0, PackedProfile.Write(Habitual(3), _packed)).ToArray();
        stored[0]++;
        Assert.False(PackedProfile.TryRead(stored, _room));
    }

    [Fact]
    public void Packing_and_reading_allocate_nothing()
    {
        var profile = Habitual(SubjectProfile.Capacity);
        var length = 0;
        var isRead = false;
        Assert.Equal(0, Allocations.Least(() =>
        {
            length = PackedProfile.Write(profile, _packed);
            isRead = PackedProfile.TryRead(_packed.AsSpan(0, length), _room);
        }));
        Assert.True(isRead);
    }

    /// <summary>Somebody who comes from two addresses with one browser.</summary>
    private static byte[] Habitual(int logins)
    {
        var random = new Random(3);
        var bytes = new byte[SubjectProfile.MaxLength];
        var profile = new SubjectProfile(bytes);
        profile.Header.Version = SubjectProfile.CurrentVersion;
        for (uint i = 0; i < logins; i++)
        {
            profile.Add(new PastLogin
            {
                AddressUnit = 0xCB007100 + (i % 2), Session = (ulong)random.NextInt64(), At = 1_763_000_000 + (i * 40_000), Asn = 3320, DeviceId = 77, UserAgent = 78,
                Latitude = 5250, Longitude = 1340, AccuracyRadius = 20, Traits = LoginTraits.KnownDevice, Application = 9, Browser = 1, Os = 2, DeviceClass = 1,
            });
        }

        return bytes[..profile.UsedLength];
    }

    private static byte[] Random(int logins)
    {
        var bytes = new byte[SubjectProfile.HeaderLength + (logins * SubjectProfile.EntryLength)];
        new Random(logins).NextBytes(bytes);
        (bytes[0], bytes[1]) = (SubjectProfile.CurrentVersion, (byte)logins);
        return bytes;
    }
}
