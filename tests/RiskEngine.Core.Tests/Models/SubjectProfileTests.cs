using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class SubjectProfileTests
{
    [Fact]
    public void Logins_lie_in_order_of_time_whatever_order_they_came_in()
    {
        var profile = Of(30, 10, 20);
        Assert.Equal([10u, 20u, 30u], Times(profile));
        Assert.Equal((10u, 30u, 3u), (profile.Header.FirstLogin, profile.Header.LastLogin, profile.Header.Logins));
    }

    [Fact]
    public void The_oldest_gives_way_to_the_fifty_first()
    {
        var profile = Of([.. Enumerable.Range(1, 51).Select(time => (uint)time)]);
        Assert.Equal(Enumerable.Range(2, 50).Select(time => (uint)time), Times(profile));
        Assert.Equal((50, 51u, 1u), (profile.Header.Count, profile.Header.Logins, profile.Header.FirstLogin));
    }

    [Fact]
    public void One_older_than_a_full_history_is_counted_and_not_kept()
    {
        var profile = Of([.. Enumerable.Range(100, 50).Select(time => (uint)time), 5u]);
        Assert.Equal(100u, Times(profile)[0]);
        Assert.Equal((51u, 5u), (profile.Header.Logins, profile.Header.FirstLogin));
    }

    [Fact]
    public void What_was_stored_is_restored_and_what_was_cut_is_not()
    {
        var bytes = new byte[SubjectProfile.MaxLength];
        var profile = new SubjectProfile(bytes);
        profile.Add(new PastLogin { At = 1 });
        var room = new byte[SubjectProfile.MaxLength];
        Assert.True(SubjectProfile.TryRestore(bytes.AsSpan(0, profile.UsedLength), room));
        Assert.Equal(bytes, room);
        Assert.False(SubjectProfile.TryRestore(bytes.AsSpan(0, profile.UsedLength - 1), room));
        Assert.False(SubjectProfile.TryRestore([], room));
    }

    [Fact]
    public void A_profile_of_version_1_is_read_and_one_of_a_later_version_is_not()
    {
        const int HeaderLength1 = 64;
        var bytes = new byte[SubjectProfile.MaxLength];
        var profile = new SubjectProfile(bytes);
        for (uint at = 1; at <= SubjectProfile.Capacity; at++) profile.Add(new PastLogin { At = at, Asn = at });
        byte[] old = [.. bytes[..HeaderLength1], .. bytes[SubjectProfile.HeaderLength..]];
        old[0] = 1;

        var room = Enumerable.Repeat((byte)0xFF, SubjectProfile.MaxLength).ToArray();
        Assert.True(SubjectProfile.TryRestore(old, room));
        Assert.Equal(bytes, room);
        old[0] = 3;
        Assert.False(SubjectProfile.TryRestore(old, room));
    }

    [Fact]
    public void A_session_is_given_to_the_newest_login_of_its_place_and_browser_that_has_none_and_to_one_only()
    {
        var profile = new SubjectProfile(new byte[SubjectProfile.MaxLength]);
        foreach (var at in (uint[])[10, 20, 30]) profile.Add(new PastLogin { At = at, AddressUnit = at == 30 ? 8u : 7u, UserAgent = 5 });
        Assert.True(profile.Join(Seen(91)));
        Assert.False(profile.Join(Seen(91)));
        Assert.True(profile.Join(Seen(92)));
        Assert.False(profile.Join(Seen(93)));
        Assert.Equal([92ul, 91ul, 0ul], profile.Logins.ToArray().Select(login => login.Session));
    }

    [Theory, InlineData(0, 7, 5), InlineData(91, 0, 5), InlineData(91, 7, 0), InlineData(91, 6, 5), InlineData(91, 7, 4)]
    public void A_session_without_an_id_a_place_or_a_browser_or_with_another_one_is_given_to_none(ulong session, ulong address, uint userAgent)
    {
        var profile = new SubjectProfile(new byte[SubjectProfile.MaxLength]);
        profile.Add(new PastLogin { At = 10, AddressUnit = 7, UserAgent = 5 });
        profile.Add(new PastLogin { At = 20 });
        Assert.False(profile.Join(new PastLogin { At = 30, Session = session, AddressUnit = address, UserAgent = userAgent }));
    }

    [Theory, InlineData(340, true), InlineData(341, false)]
    public void A_session_is_not_given_to_a_login_after_it(uint login, bool given)
    {
        var profile = new SubjectProfile(new byte[SubjectProfile.MaxLength]);
        profile.Add(new PastLogin { At = login, AddressUnit = 7, UserAgent = 5 });
        Assert.Equal(given, profile.Join(Seen(91)));
    }

    private static PastLogin Seen(ulong session) => new() { At = 40, Session = session, AddressUnit = 7, UserAgent = 5 };

    private static SubjectProfile Of(params uint[] times)
    {
        var profile = new SubjectProfile(new byte[SubjectProfile.MaxLength]);
        foreach (var time in times) profile.Add(new PastLogin { At = time });
        return profile;
    }

    private static uint[] Times(SubjectProfile profile) => [.. profile.Logins.ToArray().Select(login => login.At)];
}
