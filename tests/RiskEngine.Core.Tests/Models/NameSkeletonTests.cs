using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Models;

public sealed class NameSkeletonTests
{
    [Theory]
    [InlineData("administrator", "Administrator")]
    [InlineData("admin", "adm1n")]
    [InlineData("admin", "adm\u0456n")]
    [InlineData("admin", "\u0430dmin")]
    [InlineData("admin", "\uff41dmin")]
    [InlineData("admin", "ad\u200bmin")]
    [InlineData("admin", "addmin")]
    [InlineData("root", "r00t")]
    [InlineData("ivan.hansen", "ivan_hansen")]
    [InlineData("ivan.hansen", "ivanhansen")]
    [InlineData("svc-backup", "svc.backup")]
    [InlineData("mark.simmons", "rnark.simmons")]
    [InlineData("walter", "vvalter")]
    [InlineData("daniel", "claniel")]
    [InlineData("paul", "pauI")]
    [InlineData("backup1", "backupl")]
    [InlineData("jane@corp.example", "jane@c0rp.example")]
    public void Names_that_look_alike_have_one_skeleton(string name, string other) => Assert.Equal(Of(name), Of(other));

    [Theory]
    [InlineData("user1", "user2")]
    [InlineData("user1", "user11")]
    [InlineData("user100", "user1000")]
    [InlineData("user33", "user3")]
    [InlineData("jane", "janet")]
    [InlineData("jane", "john")]
    [InlineData("jane@corp.example", "jane@mail.example")]
    [InlineData("\u4f50\u85e4", "\u4f50\u4f2f")]
    public void Names_that_the_eye_tells_apart_have_two(string name, string other) => Assert.NotEqual(Of(name), Of(other));

    [Theory, InlineData(""), InlineData("."), InlineData("-_-")]
    public void A_name_of_nothing_has_none(string name)
    {
        Assert.Equal("", Of(name));
        Assert.Equal(UInt128.Zero, StateKeys.Skeleton(new KeyedHash(new byte[16]), default, Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void Any_bytes_have_one_within_its_bounds()
    {
        var random = new Random(5);
        Span<byte> to = stackalloc byte[NameSkeleton.MaxLength];
        for (var i = 0; i < 20_000; i++)
        {
            var name = new byte[random.Next(300)];
            random.NextBytes(name);
            var length = NameSkeleton.Write(name, to);
            Assert.InRange(length, 0, NameSkeleton.MaxLength);
            Assert.True(name.Length < 40 || length > 0);
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var name = "\u0430dmin.r00t"u8.ToArray();
        var to = new byte[NameSkeleton.MaxLength];
        Assert.Equal(0, Allocations.Least(() => NameSkeleton.Write(name, to)));
    }

    [Fact]
    public void The_first_account_stays_the_first_and_case_makes_no_other()
    {
        var row = default(SkeletonRow);
        Assert.True(row.See(42, 7, 1000, isService: false));
        Assert.False(row.See(43, 8, 2000, isService: true));
        Assert.Equal(default, row.OtherThan(43, 7));
        Assert.Equal(default, row.OtherThan(42, 8));
        Assert.Equal(new Namesake(1000, false), row.OtherThan(43, 8));
        Assert.Equal(StateKeys.NameTag(new KeyedHash(new byte[16]), "Jane"u8), StateKeys.NameTag(new KeyedHash(new byte[16]), "jane"u8));
    }

    [Theory]
    [InlineData((30 * 86_400) - 1, false)]
    [InlineData(30 * 86_400, true)]
    public void That_it_is_still_there_is_noted_once_in_thirty_days(uint later, bool changes)
    {
        var row = default(SkeletonRow);
        row.See(42, 7, 1000, isService: false);
        Assert.Equal(changes, row.See(42, 7, 1000 + later, isService: false));
        Assert.Equal((1000u, changes ? 1000 + later : 1000), (row.FirstSeen, row.LastSeen));
    }

    private static string Of(string name)
    {
        Span<byte> to = stackalloc byte[NameSkeleton.MaxLength];
        return Encoding.UTF8.GetString(to[..NameSkeleton.Write(Encoding.UTF8.GetBytes(name), to)]);
    }
}
