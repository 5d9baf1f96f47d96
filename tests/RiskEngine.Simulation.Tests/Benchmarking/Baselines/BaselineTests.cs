using RiskEngine.Simulation.Benchmarking.Baselines;

namespace RiskEngine.Simulation.Tests.Benchmarking.Baselines;

public sealed class BaselineTests
{
    private const int Jane = 1, John = 2;

    public static TheoryData<IBaseline> Novelty => [new NewCountryBaseline(), new NewAddressBaseline(), new NewAddressOrUserAgentBaseline()];

    [Theory, MemberData(nameof(Novelty))]
    public void A_first_login_has_nothing_to_be_compared_with(IBaseline baseline)
    {
        baseline.Learn(John, Case.Home);
        Assert.True(double.IsNaN(baseline.Score(Jane, Case.Home)));
    }

    [Theory, MemberData(nameof(Novelty))]
    public void What_was_shown_before_is_ordinary_and_asking_teaches_nothing(IBaseline baseline)
    {
        var elsewhere = Case.Home with { Country = "BR", Address = "203.0.113.1" };
        baseline.Learn(Jane, Case.Home);
        Assert.Equal(0, baseline.Score(Jane, Case.Home));
        Assert.Equal(1, baseline.Score(Jane, elsewhere));
        Assert.Equal(1, baseline.Score(Jane, elsewhere));
        baseline.Learn(John, elsewhere);
        Assert.Equal(1, baseline.Score(Jane, elsewhere));
        baseline.Learn(Jane, elsewhere);
        Assert.Equal(0, baseline.Score(Jane, elsewhere));
    }

    [Fact]
    public void A_new_user_agent_is_enough_where_either_counts()
    {
        var (either, address) = (new NewAddressOrUserAgentBaseline(), new NewAddressBaseline());
        foreach (var baseline in new IBaseline[] { either, address }) baseline.Learn(Jane, Case.Home);
        Assert.Equal(1, either.Score(Jane, Case.Home with { UserAgent = "curl" }));
        Assert.Equal(0, address.Score(Jane, Case.Home with { UserAgent = "curl" }));
    }

    [Fact]
    public void A_network_is_as_rare_as_the_logarithm_of_its_share()
    {
        var baseline = new RareAsnBaseline();
        for (var i = 0; i < 9; i++) baseline.Learn(i, Case.Home);
        Assert.Equal(0, baseline.Score(Jane, Case.Home), 12);
        Assert.Equal(Math.Log(10), baseline.Score(Jane, Case.Home with { Asn = 64999 }), 12);
    }

    [Fact]
    public void A_list_knows_who_is_on_it()
    {
        var baseline = new BlocklistBaseline();
        Assert.Equal(1, baseline.Score(Jane, Case.Home with { IsListed = true }));
        Assert.Equal(0, baseline.Score(Jane, Case.Home));
    }

    [Fact]
    public void Chance_repeats_itself_for_a_seed()
    {
        var first = Enumerable.Repeat(new RandomBaseline(4), 5).Select(baseline => baseline.Score(Jane, Case.Home)).ToList();
        var second = Enumerable.Repeat(new RandomBaseline(4), 5).Select(baseline => baseline.Score(Jane, Case.Home)).ToList();
        Assert.Equal(first, second);
        Assert.Equal(5, first.Distinct().Count());
    }
}
