using System.Text;
using RiskEngine.Core.Facts;
using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Tests.Benchmarking;

public sealed class DeviceVersionTests
{
    private const long Day = 86_400_000;
    private static readonly long Now = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void Shares_of_devices_sum_to_one() => Assert.Equal(1, DeviceCatalog.ShareOf(null), 9);

    [Theory, InlineData(UserAgentChurn.Realistic), InlineData(UserAgentChurn.RbaLike)]
    public void Probabilities_of_all_versions_sum_to_one(UserAgentChurn churn)
    {
        var process = Process(churn);
        for (var model = 0; model < DeviceCatalog.Models.Length; model++)
        {
            var earlier = process.Draw(model, Now - (40 * Day), new SeededRandom((ulong)model));
            Assert.Equal(1, Versions().Sum(version => process.Density(model, version, Now)), 9);
            Assert.Equal(1, Versions().Sum(version => process.NextDensity(model, version, earlier, Now - (40 * Day), Now)), 9);
        }

        IEnumerable<DeviceVersion> Versions() =>
            from release in Enumerable.Range(-100, 200) from os in Enumerable.Range(0, 20).Where(os => process is MonthlyReleases || os < 12) select new DeviceVersion((short)release, (byte)os);
    }

    [Fact]
    public void Versions_come_as_often_as_their_probability_says()
    {
        var process = new MonthlyReleases();
        var random = new SeededRandom(3);
        var earlier = process.Draw(0, Now - (20 * Day), random);
        var drawn = Enumerable.Range(0, 20_000).Select(_ => process.Next(0, earlier, Now - (20 * Day), Now, random)).CountBy(version => version).ToDictionary();
        Assert.All(drawn, pair => Assert.Equal(process.NextDensity(0, pair.Key, earlier, Now - (20 * Day), Now), pair.Value / 20_000.0, 0.015));
    }

    [Fact]
    public void A_device_seen_in_steps_is_as_far_as_one_seen_once()
    {
        var process = new MonthlyReleases();
        var random = new SeededRandom(4);
        double steps = 0, once = 0;
        for (var i = 0; i < 5000; i++)
        {
            var version = process.Draw(0, Now - (60 * Day), random);
            for (var day = 57; day >= 0; day -= 3) version = process.Next(0, version, Now - ((day + 3) * Day), Now - (day * Day), random);
            steps += version.Release;
            once += process.Draw(0, Now, random).Release;
        }

        Assert.Equal(once / 5000, steps / 5000, 0.04);
    }

    [Fact]
    public void No_browser_goes_back_and_none_is_shown_before_it_is_released()
    {
        var process = new MonthlyReleases();
        var random = new SeededRandom(5);
        for (var model = 0; model < DeviceCatalog.Models.Length; model++)
        {
            var version = process.Draw(model, Now, random);
            for (var step = 1; step < 60; step++)
            {
                var next = process.Next(model, version, Now + ((step - 1) * 5 * Day), Now + (step * 5 * Day), random);
                Assert.True(next.Release >= version.Release);
                version = next;
            }

            Assert.True(process.Density(model, new DeviceVersion(40, 0), Now) == 0);
        }
    }

    [Theory, InlineData(UserAgentChurn.Realistic), InlineData(UserAgentChurn.RbaLike)]
    public void A_parser_reads_class_and_major_version_from_each_user_agent(UserAgentChurn churn)
    {
        var process = Process(churn);
        var texts = new UserAgentTexts();
        var random = new SeededRandom(6);
        for (var model = 0; model < DeviceCatalog.Models.Length; model++)
        {
            if (DeviceCatalog.Models[model].Type == "unknown") continue;
            for (var i = 0; i < 20; i++)
            {
                var text = texts.Of(model, process.Draw(model, Now, random));
                var facts = UserAgentParser.Parse(Encoding.UTF8.GetBytes(text.Full));
                Assert.Equal(text.DeviceType, facts.Class.ToString().ToLowerInvariant());
                Assert.Equal(UserAgentContradiction.None, facts.Contradiction);
                Assert.EndsWith($" {facts.BrowserMajor}", text.Browser);
            }
        }
    }

    private static IVersionProcess Process(UserAgentChurn churn) => churn == UserAgentChurn.Realistic ? new MonthlyReleases() : new ShuffledVersions();
}
