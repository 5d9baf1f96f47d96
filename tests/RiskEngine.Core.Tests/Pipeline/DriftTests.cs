using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>Sixty people log in every morning for nine days, and then all of them from new machines in a new country.</summary>
public sealed class DriftTests
{
    private const int People = 60, Days = 9;

    [Fact]
    public async Task People_who_go_on_as_they_did_do_not_drift_and_people_who_all_change_at_once_do()
    {
        var told = new Told();
        await using var judging = new Judging(first: told);
        for (var day = 0; day < Days; day++) await judging.SubmitAsync([.. Everybody(day)]);
        Assert.InRange(told.Drift, 0, 0.1);

        for (var day = Days; day < Days + 3; day++)
        {
            await judging.SubmitAsync([.. Everybody(day).Select((login, i) => login with
            {
                Country = "BR", Asn = 64900 + (uint)day, Address = $"198.51.{day}.{i + 1}", DeviceId = $"new-{day}-{i}", UserAgent = Login.OtherUserAgent, Mfa = ["totp"],
            })]);
        }

        Assert.True(told.Drift > 0.25, $"{told.Drift}");
    }

    private static IEnumerable<Login> Everybody(int day) => Enumerable.Range(0, People).SelectMany(person => Enumerable.Range(0, 2).Select(hour =>
        new Login($"p{person}", TimeSpan.FromDays(day) + TimeSpan.FromHours(6 * hour) + TimeSpan.FromMinutes(person), Address: $"203.0.113.{person + 1}") { DeviceId = $"d{person}" }));

    private sealed class Told : IPipelineObserver
    {
        public double Drift { get; private set; }

        public void Committed(Effects effects, in BatchTiming timing) => Drift = effects.Drift;
    }
}
