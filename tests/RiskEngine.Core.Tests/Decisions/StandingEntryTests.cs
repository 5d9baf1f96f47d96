using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Core.Tests.Policies;

namespace RiskEngine.Core.Tests.Decisions;

/// <summary>What stands already: blocks and allow entries.</summary>
public sealed class StandingEntryTests : Deciding
{
    [Theory]
    [InlineData(2, 3600, BlockOrigin.Policy, DecisionAction.Block)]
    [InlineData(3, 3600, BlockOrigin.Policy, DecisionAction.Challenge)]
    [InlineData(1, 86_399, BlockOrigin.Policy, DecisionAction.Block)]
    [InlineData(1, 86_400, BlockOrigin.Policy, DecisionAction.Challenge)]
    [InlineData(0, 86_400, BlockOrigin.Policy, DecisionAction.Block)]
    [InlineData(3, 86_400, BlockOrigin.Person, DecisionAction.Block)]
    public void At_an_own_address_that_a_rule_blocked_a_new_browser_is_challenged_and_a_typo_as_well(int loginsHere, uint secondsHere, BlockOrigin origin, DecisionAction action)
    {
        Stand(BlockScope.Ip, "203.0.113.7", origin);
        foreach (var kind in new[] { EventKind.Login, EventKind.LoginFailed })
        {
            var login = new LoginUnderTest(kind: kind) { IsEstablished = true };
            login.Summary.SameAddress = loginsHere;
            login.Summary.FirstAtAddress = login.Context.Now - secondsHere;
            Assert.Equal(action, Decide(login, level: RiskLevel.Low).Action);
        }
    }

    [Theory]
    [InlineData(7, DecisionAction.Challenge)]
    [InlineData(8, DecisionAction.Block)]
    public void Who_was_challenged_at_the_blocked_address_is_not_refused_there_for_a_week(int daysAgo, DecisionAction action)
    {
        Stand(BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy);
        var login = new LoginUnderTest { IsEstablished = true };
        login.Pair.SparedDay = (ushort)(login.Context.Event.OccurredAt.UnixDays - daysAgo);
        Assert.Equal(action, Decide(login, level: RiskLevel.Low).Action);
    }

    [Fact]
    public void An_allow_entry_lifts_the_block_and_a_high_score_still_challenges()
    {
        var allow = Allow("203.0.113.7");
        var decision = Decide(Attack());
        Assert.Equal((DecisionAction.Challenge, (short)1, (Block?)allow), (decision.Action, decision.Rule, decision.Matched));
        Assert.Null(decision.NewBlock);
        var calm = Decide(Attack(), level: RiskLevel.Low);
        Assert.Equal((DecisionAction.Allow, AssessmentRecord.AllowList, (Block?)allow), (calm.Action, calm.Rule, calm.Matched));
    }

    [Theory, InlineData(BlockOrigin.Policy), InlineData(BlockOrigin.Person), InlineData(BlockOrigin.Import)]
    public void An_allow_entry_lifts_a_standing_block_whoever_made_it_and_whenever(BlockOrigin origin)
    {
        Stand(BlockScope.Ip, "203.0.113.7", origin);
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(Attack(), level: RiskLevel.Low).Rule);
        Allow("203.0.113.7");
        Assert.NotEqual(DecisionAction.Block, Decide(Attack(), level: RiskLevel.Low).Action);
        Stand(BlockScope.Range, "203.0.113.0/24", origin);
        Stand(BlockScope.Pair, "42@203.0.113.7", origin);
        Stand(BlockScope.Country, "DE", origin);
        Assert.NotEqual(DecisionAction.Block, Decide(Attack(), level: RiskLevel.Low).Action);
    }

    [Fact]
    public void An_allow_entry_does_not_lift_a_block_of_the_subject()
    {
        Allow("203.0.113.7");
        Stand(BlockScope.Subject, "42", BlockOrigin.Person);
        Assert.Equal((DecisionAction.Block, true), (Decide(Attack()).Action, Decide(Attack()).Enforced));
    }

    [Fact]
    public void An_allow_entry_that_has_ended_lifts_nothing()
    {
        Allow("203.0.113.7", until: LoginUnderTest.Noon);
        Assert.Equal(DecisionAction.Block, Decide(Attack()).Action);
    }

    [Theory]
    [InlineData(BlockOrigin.Person, PolicyMode.Monitor, true), InlineData(BlockOrigin.Import, PolicyMode.Monitor, true), InlineData(BlockOrigin.Policy, PolicyMode.Monitor, false)]
    [InlineData(BlockOrigin.Person, PolicyMode.Enforce, true), InlineData(BlockOrigin.Policy, PolicyMode.Enforce, true)]
    public void A_persons_block_is_enforced_in_either_mode(BlockOrigin origin, PolicyMode mode, bool enforced)
    {
        var block = Stand(BlockScope.Ip, "203.0.113.7", origin);
        var decision = Decide(Attack(), mode);
        Assert.Equal((DecisionAction.Block, enforced, AssessmentRecord.StandingBlock, (Block?)block), (decision.Action, decision.Enforced, decision.Rule, decision.Matched));
        Assert.Null(decision.NewBlock);
    }

    [Fact]
    public void What_was_blocked_while_monitoring_is_asked_anew_once_rules_are_enforced()
    {
        Stand(BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy, enforced: false);
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(Attack(), PolicyMode.Monitor).Rule);
        var decision = Decide(Attack());
        Assert.Equal((true, (short)0), (decision.Enforced, decision.Rule));
        Assert.True(decision.NewBlock!.Block.Enforced);
        Assert.Equal(DecisionAction.Challenge, Decide(Attack().WithFailedNames(0), rule: new() { Name = "x", Then = DecisionAction.Challenge }).Action);
    }

    [Fact]
    public void A_rule_held_back_records_its_block_once()
    {
        Stand(BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy, enforced: false);
        var decision = Decide(Attack(), rule: Rule with { Mode = PolicyMode.Monitor });
        Assert.Equal((DecisionAction.Block, false), (decision.Action, decision.Enforced));
        Assert.Null(decision.NewBlock);
    }

    [Fact]
    public void A_subject_is_found_by_the_name_that_assessments_show()
    {
        Stand(BlockScope.Subject, "jane", BlockOrigin.Person);
        var byName = new LoginUnderTest(subject: "");
        byName.Event.SubjectName = byName.Text("jane");
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(byName).Rule);
        Assert.NotEqual(AssessmentRecord.StandingBlock, Decide(new LoginUnderTest(subject: "john")).Rule);
    }

    [Theory]
    [InlineData("10.0.0.7", false), InlineData("100.64.0.7", false), InlineData("127.0.0.1", false), InlineData("169.254.1.1", false), InlineData("fd00::7", false), InlineData("224.0.0.1", false)]
    [InlineData("203.0.113.7", true), InlineData("2001:db8::7", true), InlineData("", true)]
    public void A_block_of_a_country_or_a_system_never_hits_an_address_that_is_not_public(string address, bool hit)
    {
        foreach (var (scope, value) in new[] { (BlockScope.Country, "DE"), (BlockScope.Asn, "AS64500") })
        {
            Blocks.Clear();
            Stand(scope, value, BlockOrigin.Person);
            var login = new LoginUnderTest(address, EventKind.Login) { Country = CountryCode.Parse("DE"), AsnNumber = 64500 };
            Assert.Equal(hit, Decide(login, level: RiskLevel.Low).Rule == AssessmentRecord.StandingBlock);
        }
    }

    [Fact]
    public void A_block_of_just_that_private_address_or_range_still_does()
    {
        var login = new LoginUnderTest("10.0.0.7", EventKind.Login);
        Blocks.Put(Entry(BlockScope.Ip, "10.0.0.7", BlockOrigin.Person), BlockTable.KeyOf(IpAddress.Parse("10.0.0.7")));
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(login, level: RiskLevel.Low).Rule);
        Blocks.Clear();
        var range = Networks.Parse("10.0.0.0/24");
        Blocks.Put(Entry(BlockScope.Range, "10.0.0.0/24", BlockOrigin.Person), range.Start, range.Length);
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(login, level: RiskLevel.Low).Rule);
    }

    [Theory]
    [InlineData(PolicyMode.Monitor, false)]
    [InlineData(PolicyMode.Monitor, true)]
    [InlineData(PolicyMode.Enforce, false)]
    [InlineData(PolicyMode.Enforce, true)]
    public void A_persons_wider_range_is_not_hidden_by_a_rules_narrower_one(PolicyMode mode, bool isRuleEnforced)
    {
        Stand(BlockScope.Range, "2001:db8:0:1::/64", BlockOrigin.Policy, isRuleEnforced);
        var person = Stand(BlockScope.Range, "2001:db8::/48", BlockOrigin.Person);
        var decision = Decide(Attack("2001:db8:0:1::7"), mode, RiskLevel.Low);
        Assert.Equal((DecisionAction.Block, true, (Block?)person), (decision.Action, decision.Enforced, decision.Matched));
        Assert.Equal(person, Visit("2001:db8:0:1::7", mode));
    }

    [Fact]
    public void Of_two_ranges_that_weigh_the_same_the_narrower_one_is_named()
    {
        Stand(BlockScope.Range, "2001:db8::/48", BlockOrigin.Person);
        var narrow = Stand(BlockScope.Range, "2001:db8:0:1::/64", BlockOrigin.Person);
        Assert.Equal(narrow, Decide(Attack("2001:db8:0:1::7"), level: RiskLevel.Low).Matched);
        Assert.Equal(narrow, Visit("2001:db8:0:1::7", PolicyMode.Monitor));
    }

    [Fact]
    public void What_a_rule_did_not_enforce_keeps_no_visitor_out()
    {
        Stand(BlockScope.Range, "2001:db8:0:1::/64", BlockOrigin.Policy, enforced: false);
        Assert.Null(Visit("2001:db8:0:1::7", PolicyMode.Enforce));
    }

    [Fact]
    public void A_hints_range_does_not_hide_the_block_that_an_event_meets()
    {
        var hint = Stand(BlockScope.Range, "2001:db8:0:1::/64", BlockOrigin.Policy) with { IsHint = true };
        var range = Networks.Parse("2001:db8:0:1::/64");
        Blocks.Put(hint, range.Start, range.Length);
        var wide = Stand(BlockScope.Range, "2001:db8::/48", BlockOrigin.Policy);
        var login = Attack("2001:db8:0:1::7");
        Assert.Equal(wide, StandingEntries.Find(Blocks, Allowed, login.Context, Hash, subject: 1, withHints: false).Block);
        Assert.Equal(hint, StandingEntries.Find(Blocks, Allowed, login.Context, Hash, subject: 1).Block);
    }

    [Theory, InlineData("203.0.113.7", false), InlineData("::abcd:7", true)]
    public void A_range_of_IPv6_that_was_stored_holds_no_IPv4(string address, bool isHeld)
    {
        Blocks.Put(Entry(BlockScope.Range, "::/16", BlockOrigin.Person), 0, 16);
        Assert.Equal(isHeld, Blocks.FindRange(IpAddress.Parse(address), LoginUnderTest.Noon) is not null);
    }

    private Block? Visit(string address, PolicyMode mode) =>
        new StandingAccess(Blocks, Allowed, Core.Facts.FactSnapshot.Empty, Hash, mode, []).Find(new Visitor(IpAddress.Parse(address), 0, 0), LoginUnderTest.Noon);
}
