using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Tests.Policies;

namespace RiskEngine.Core.Tests.Decisions;

/// <summary>What a new block is narrowed to, and whom it never hits.</summary>
public sealed class WhoMayBeHitTests : Deciding
{
    [Theory, InlineData(4, BlockScope.Ip), InlineData(5, BlockScope.Pair)]
    public void A_shared_address_is_blocked_only_together_with_the_name(int subjects, BlockScope scope)
    {
        var block = Decide(Attack().WithSubjects(subjects)).NewBlock!.Block;
        Assert.Equal(scope, block.Scope);
        Assert.Equal(scope == BlockScope.Pair ? "42@203.0.113.7" : "203.0.113.7", block.Value);
    }

    [Theory, InlineData("9.255.255.255", true), InlineData("10.0.0.0", false), InlineData("10.255.255.255", false), InlineData("11.0.0.0", true)]
    [InlineData("172.15.255.255", true), InlineData("172.16.0.0", false), InlineData("172.31.255.255", false), InlineData("172.32.0.0", true)]
    [InlineData("192.168.0.1", false), InlineData("192.169.0.0", true), InlineData("127.0.0.1", false), InlineData("169.254.1.1", false)]
    [InlineData("100.63.255.255", true), InlineData("100.64.0.0", false), InlineData("100.127.255.255", false), InlineData("100.128.0.0", true)]
    [InlineData("::1", false), InlineData("fe80::1", false), InlineData("fd00::1", false), InlineData("2001:db8::1", true), InlineData("", false)]
    public void Only_public_addresses_are_blocked_and_others_challenged(string address, bool blocked)
    {
        var decision = Decide(Attack(address));
        Assert.Equal((blocked ? DecisionAction.Block : DecisionAction.Challenge, blocked), (decision.Action, decision.NewBlock is not null));
    }

    [Theory, InlineData(4, "203.0.113.0/24"), InlineData(5, "203.0.113.7")]
    public void A_shared_network_is_not_blocked_as_a_whole(int subjects, string value)
    {
        var login = Attack();
        for (var i = 0; i < subjects; i++) login.Network.Subjects.Add((ulong)i, login.Now, ReputationRow.SubjectsEpoch);
        Assert.Equal(value, Decide(login, rule: Rule with { Scope = BlockScope.Range }).NewBlock!.Block.Value);
    }

    [Fact]
    public void The_operators_own_address_is_never_blocked()
    {
        Assert.Equal(DecisionAction.Challenge, Decide(Attack(), operators: "203.0.113.0/29").Action);
        Assert.Equal(DecisionAction.Block, Decide(Attack(), operators: "203.0.113.8/29").Action);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.200/32", "203.0.113.7")]
    [InlineData("203.0.113.7", "203.0.114.1/32", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2::7", "2001:db8:1:3::1/128", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::7", "2001:db8:2::1/128", "2001:db8:1::/48")]
    public void A_range_that_holds_an_operator_is_not_blocked_as_a_whole(string attacker, string @operator, string blocked) =>
        Assert.Equal(blocked, Decide(Attack(attacker), operators: @operator, rule: Rule with { Scope = BlockScope.Range }).NewBlock!.Block.Value);

    [Fact]
    public void An_IPv6_neighbour_of_an_operator_within_its_64_is_not_blocked() =>
        Assert.Equal(DecisionAction.Challenge, Decide(Attack("2001:db8:1:2::7"), operators: "2001:db8:1:2::1/128").Action);

    [Theory, InlineData(100, 50, 10, 19, false), InlineData(100, 51, 10, 19, true), InlineData(99, 49, 10, 10, false), InlineData(100, 90, 4, 4, false), InlineData(100, 90, 5, 30, false)]
    public void An_address_that_carries_most_logins_and_most_subjects_is_a_misread_proxy(float all, float ofAddress, int subjects, int ofFleet, bool suspected)
    {
        var login = Attack().WithSubjects(subjects);
        login.Address.Logins.Add(login.Now, ofAddress, ReputationRow.HalfLife);
        login.Fleet.Logins.Add(login.Now, all, ReputationRow.HalfLife);
        for (var i = 0; i < ofFleet; i++) login.Fleet.Subjects.Add((ulong)i, login.Now, ReputationRow.SubjectsEpoch);
        Assert.Equal(suspected, MisreadProxy.IsSuspected(login.Address, login.Fleet, 5, login.Now));
        Assert.Equal(suspected ? DecisionAction.Challenge : DecisionAction.Block, Decide(login).Action);
    }

    [Fact]
    public void Nothing_is_held_against_an_address_that_says_nothing() =>
        Assert.Equal(DecisionAction.Challenge, Decide(new LoginUnderTest { IsEvaluable = false }).Action);

    [Theory, InlineData(1, DecisionAction.Challenge), InlineData(2, DecisionAction.Block)]
    public void Who_forgot_a_password_at_home_is_challenged(int failedNames, DecisionAction action)
    {
        var login = new LoginUnderTest { IsEstablished = true }.WithFailedNames(failedNames);
        (login.Summary.SameAddress, login.Summary.FirstAtAddress) = (1, login.Context.Now - 3600);
        Assert.Equal(action, Decide(login).Action);
    }

    [Theory]
    [InlineData(1, EventKind.LoginFailed, false)]
    [InlineData(2, EventKind.LoginFailed, true)]
    [InlineData(2, EventKind.Login, false)]
    [InlineData(3, EventKind.Login, true)]
    public void A_name_at_a_shared_address_is_blocked_from_its_own_third_failure_on(float failures, EventKind kind, bool blocked)
    {
        var login = new LoginUnderTest(kind: kind) { PairFailures = failures }.WithSubjects(20).WithFailedNames(9);
        Assert.Equal(blocked ? BlockScope.Pair : null, Decide(login).NewBlock?.Block.Scope);
    }

    [Theory]
    [InlineData(99, 60, null)]
    [InlineData(99, 40, BlockScope.Ip)]
    [InlineData(0, 0, BlockScope.Ip)]
    public void While_hardly_anybody_has_logged_in_the_address_of_most_is_not_blocked(float all, float ofAddress, BlockScope? scope)
    {
        var login = new LoginUnderTest().WithFailedNames(9);
        login.Fleet.Logins.Add(login.Now, all, ReputationRow.HalfLife);
        login.Address.Logins.Add(login.Now, ofAddress, ReputationRow.HalfLife);
        Assert.Equal(scope, Decide(login).NewBlock?.Block.Scope);
    }

    [Fact]
    public void The_victim_of_an_attack_from_elsewhere_is_not_blocked_for_it()
    {
        Assert.Equal(DecisionAction.Challenge, Decide(new LoginUnderTest(kind: EventKind.Login)).Action);
        Assert.Equal(DecisionAction.Block, Decide(new LoginUnderTest(kind: EventKind.Login).WithFailedNames(3)).Action);
    }

    [Theory, InlineData(EventKind.LoginFailed, false), InlineData(EventKind.LoginAttempt, false), InlineData(EventKind.MfaFailed, false), InlineData(EventKind.Login, true)]
    public void Failures_alone_never_block_a_subject(EventKind kind, bool blocked)
    {
        var target = new BlockTarget(CompiledPolicy.Compile(new PolicyDefinition()), []);
        var wanted = new PolicyMatch(0, DecisionAction.Block, BlockScope.Subject, IsEnforced: true, Notify: false, RestsOnFailures: false, Lifted: false);
        Assert.Equal(blocked ? BlockScope.Subject : null, target.Narrow(new LoginUnderTest(kind: kind).Context, wanted));
    }
}
