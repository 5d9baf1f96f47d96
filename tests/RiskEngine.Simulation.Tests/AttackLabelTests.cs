using System.Text;
using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Tests;

public sealed class AttackLabelTests
{
    [Fact]
    public void A_label_is_read_from_a_line() =>
        Assert.Equal(new AttackLabel("spray", 7), Read("""{"kind":"login","subject":{"id":"1"},"label":{"attack":"spray","campaign":7,"note":[1]}}"""));

    [Theory, InlineData("""{"kind":"login"}"""), InlineData("""{"subject":{"label":{"attack":"spray"}}}"""), InlineData("""{"label":"spray"}""")]
    [InlineData("""{"label":{"campaign":3}}"""), InlineData("""{"label":{"attack":"""), InlineData("no json \"label\""), InlineData("")]
    public void Anything_else_is_no_label(string line) => Assert.Null(Read(line));

    [Fact]
    public void Only_attackers_lines_carry_a_label()
    {
        Assert.All(Traffic.HonestMonth, row => Assert.Null(row.Label));
        Assert.DoesNotContain(Traffic.Lines(new SimulationSettings { Users = 50, Days = 1, Attacks = ["none"] }), line => line.Contains("label"));
    }

    [Fact]
    public void Without_labels_the_lines_are_otherwise_the_same()
    {
        var settings = new SimulationSettings { Users = 50, Days = 1 };
        var stripped = Traffic.Lines(settings).Select(line => line.IndexOf(",\"label\"", StringComparison.Ordinal) is var at and > 0 ? line[..at] + "}" : line);
        Assert.Equal(stripped, Traffic.Lines(settings with { Labels = false }));
    }

    private static AttackLabel? Read(string line) => AttackLabel.Read(Encoding.UTF8.GetBytes(line));
}
