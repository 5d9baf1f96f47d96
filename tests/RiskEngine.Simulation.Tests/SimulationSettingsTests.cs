namespace RiskEngine.Simulation.Tests;

public sealed class SimulationSettingsTests
{
    [Fact]
    public void The_defaults_are_faultless() => Assert.Empty(new SimulationSettings().Faults());

    [Fact]
    public void An_unknown_attack_is_refused_with_the_nearest_name()
    {
        var fault = Assert.Single(new SimulationSettings { Attacks = ["sprey"] }.Faults());
        Assert.Equal("attacks", fault.Setting);
        Assert.Contains("did you mean \"spray\"?", fault.Message);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var settings = new SimulationSettings { Users = 0, Days = -1, Seed = -5, Start = default, AttackIntensity = double.NaN };
        var faults = (settings with { Attacks = ["none", "take_over"] }).Faults();
        Assert.Equal(["users", "days", "seed", "start", "attack_intensity", "attacks", "attacks"], faults.Select(fault => fault.Setting));
    }

    [Theory, InlineData("all", 18), InlineData("none", 0), InlineData("spray, takeover", 2)]
    public void A_list_is_read_as_the_command_line_gives_it(string list, int count)
    {
        var settings = new SimulationSettings { Attacks = SimulationSettings.ParseAttacks(list) };
        Assert.Equal(count, settings.Attacks.Count);
        Assert.Empty(settings.Faults());
    }

    [Fact]
    public void Faulty_settings_make_no_traffic() => Assert.Throws<ArgumentException>(() => new SimulatedTraffic(new SimulationSettings { Users = 1 }));
}
