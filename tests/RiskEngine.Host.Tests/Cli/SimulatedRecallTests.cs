using System.Globalization;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>What is found of every attack that <c>simulate</c> knows, over seeds on which nothing was chosen.</summary>
/// <remarks>
/// The bounds lie below what docs/benchmarks.md says of other seeds, by what chance does among few campaigns, and were set before these seeds were looked at. A
/// change that loses an attack falls below them; one that loses a tenth of it need not.
/// </remarks>
public sealed class SimulatedRecallTests
{
    private static readonly int[] Seeds = [601, 602, 603, 604];

    /// <summary>The least share of campaigns found, by attack: 0.9 where all were found on other seeds.</summary>
    private static readonly Dictionary<string, double> Least = new()
    {
        ["brute_force"] = 0.9, ["spray"] = 0.9, ["stuffing"] = 0.9, ["distributed_brute_force"] = 0.9, ["takeover"] = 0.9, ["impossible_travel"] = 0.9, ["mfa_fatigue"] = 0.9,
        ["dormant_account"] = 0.9, ["slow_spray"] = 0.9, ["distributed_spray"] = 0.9, ["token_theft"] = 0.9, ["service_account_misuse"] = 0.9, ["reactivation"] = 0.9, ["forged_browser"] = 0.9,
        ["stolen_session"] = 0.75, ["look_alike"] = 0.6, ["persistence"] = 0.8, ["decoy_probe"] = 0.75,
    };

    [Fact]
    public async Task Of_every_attack_most_campaigns_are_found()
    {
        Dictionary<string, (int Campaigns, int Found)> sums = [];
        foreach (var seed in Seeds)
        {
            var traffic = await Program.RunAsync("simulate", "--users", "500", "--days", "7", "--seed", seed.ToString(CultureInfo.InvariantCulture));
            var replay = await Program.RunAsync(traffic.Output, ["replay", "-", "--json"]);
            foreach (var attack in JsonDocument.Parse(replay.Output).RootElement.GetProperty("referee").GetProperty("attacks").EnumerateArray())
            {
                var name = attack.GetProperty("attack").GetString()!;
                var sum = sums.GetValueOrDefault(name);
                sums[name] = (sum.Campaigns + attack.GetProperty("campaigns").GetInt32(), sum.Found + attack.GetProperty("campaigns_found").GetInt32());
            }
        }

        Assert.Equal(Least.Keys.Order(StringComparer.Ordinal), sums.Where(sum => sum.Value.Campaigns > 0).Select(sum => sum.Key).Order(StringComparer.Ordinal));
        // One of few is not a share.
        Assert.DoesNotContain(sums, sum => sum.Value.Found < Math.Min(sum.Value.Campaigns - 1, Least[sum.Key] * sum.Value.Campaigns));
    }
}
