using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>All models together: the same events give the same scores to the bit, wherever the program stopped and began again.</summary>
public sealed class RepeatTests
{
    private const int Days = 30;

    [Fact]
    public async Task A_second_run_gives_the_same_bits() => Assert.Equal(await BitsAsync(restartAfter: Days), await BitsAsync(restartAfter: Days));

    [Theory, InlineData(1), InlineData(9), InlineData(20)]
    public async Task A_restart_from_what_was_stored_changes_no_bit(int day) => Assert.Equal(await BitsAsync(restartAfter: Days), await BitsAsync(day));

    [Fact]
    public async Task Every_score_is_a_number_from_nought_to_a_hundred_and_not_all_are_alike()
    {
        var scores = (await BitsAsync(restartAfter: Days)).Select(bits => BitConverter.Int64BitsToDouble(bits.Score)).ToList();
        Assert.All(scores, score => Assert.InRange(score, 0, 100));
        Assert.True(scores.Distinct().Count() > 100);
    }

    /// <summary>Judged by a program that ends after so many days, and by a second one on the same store.</summary>
    private static async Task<List<(long LogOdds, long Score)>> BitsAsync(int restartAfter)
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var bits = new List<(long, long)>();
        for (var from = 0; from < Days; from = from == 0 ? Math.Min(restartAfter, Days) : Days)
        {
            await using var judging = new Judging(state: store);
            var to = from == 0 ? Math.Min(restartAfter, Days) : Days;
            for (var day = from; day < to; day++) await judging.SubmitAsync([.. Logins(day)]);
            bits.AddRange(judging.Assessments.Select(assessment => (BitConverter.DoubleToInt64Bits(assessment.LogOdds), BitConverter.DoubleToInt64Bits(assessment.Score))));
        }

        return bits;
    }

    /// <summary>Ten people who move about, newcomers, typos, and guesses at names.</summary>
    private static IEnumerable<Login> Logins(int day)
    {
        var random = new Random(day);
        for (var i = 0; i < 40; i++)
        {
            var subject = random.Next(12) == 0 ? $"newcomer-{day}-{i}" : $"person-{random.Next(10)}";
            var network = random.Next(4) == 0 ? random.Next(30) : subject.Length % 5;
            yield return new Login(subject, TimeSpan.FromDays(day) + TimeSpan.FromMinutes(i * 30), $"198.51.{network}.{random.Next(1, 6)}", random.Next(6) == 0 ? EventKind.LoginFailed : EventKind.Login)
            {
                Id = $"{day}-{i}",
                Asn = 64500 + (uint)network,
                Country = network > 20 ? "PT" : "DE",
                DeviceId = "",
                UserAgent = random.Next(5) == 0 ? Login.OtherUserAgent : new Login("", default).UserAgent,
                Mfa = random.Next(3) == 0 ? ["totp"] : [],
            };
        }
    }
}
