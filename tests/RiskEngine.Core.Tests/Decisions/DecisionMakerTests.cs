using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Core.Tests.Policies;

namespace RiskEngine.Core.Tests.Decisions;

public sealed class DecisionMakerTests
{
    private static readonly KeyedHash Hash = new(new byte[16]);
    private static readonly SignalRecord[] Spray = [LoginUnderTest.Signal(SignalCode.PasswordSpray, 3), LoginUnderTest.Signal(SignalCode.NewDevice, 0.5)];

    private readonly BlockTable _blocks = new();
    private readonly BlockTable _allowed = new();

    [Fact]
    public void An_attacking_address_is_blocked_for_as_long_as_its_rule_says()
    {
        var decision = Decide(Attack());
        Assert.Equal((DecisionAction.Block, true, (short)0), (decision.Action, decision.Enforced, decision.Rule));
        var block = decision.NewBlock!.Block;
        Assert.Equal((BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy, "block", "event-1"), (block.Scope, block.Value, block.Origin, block.Owner, block.EventId));
        Assert.Equal("block: password_spray, new_device", block.Reason);
        Assert.InRange(block.Until!.Value - block.CreatedAt, TimeSpan.FromHours(4), TimeSpan.FromHours(4.4));
        Assert.Equal(BlockTable.KeyOf(IpAddress.Parse("203.0.113.7")), decision.NewBlock.Key.Key);
    }

    [Fact]
    public void In_monitor_mode_the_block_is_recorded_and_not_enforced()
    {
        var decision = Decide(Attack(), PolicyMode.Monitor);
        Assert.Equal((DecisionAction.Block, false), (decision.Action, decision.Enforced));
        Assert.False(decision.NewBlock!.Block.Enforced);
    }

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
    public void An_IPv6_address_is_blocked_as_its_64()
    {
        var made = Decide(Attack("2001:db8:1:2:3:4:5:6")).NewBlock!;
        Assert.Equal((BlockScope.Range, "2001:db8:1:2::/64", 64), (made.Block.Scope, made.Block.Value, made.Key.PrefixLength));
        _blocks.Put(made.Block, made.Key.Key, made.Key.PrefixLength);
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(Attack("2001:db8:1:2::9")).Rule);
        Assert.NotEqual(AssessmentRecord.StandingBlock, Decide(Attack("2001:db8:1:3::9")).Rule);
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

    [Fact]
    public void A_tripped_valve_turns_new_blocks_into_challenges_and_leaves_standing_ones()
    {
        var held = Decide(Attack(), isTripped: true);
        Assert.Equal((DecisionAction.Challenge, false, SafetyValve.Name), (held.Action, held.Enforced, held.Valve));
        Assert.Null(held.NewBlock);
        Stand(BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy);
        Assert.Equal((DecisionAction.Block, true), (Decide(Attack(), isTripped: true).Action, Decide(Attack(), isTripped: true).Enforced));
    }

    [Theory]
    [InlineData("10.0.0.7", false), InlineData("100.64.0.7", false), InlineData("127.0.0.1", false), InlineData("169.254.1.1", false), InlineData("fd00::7", false), InlineData("224.0.0.1", false)]
    [InlineData("203.0.113.7", true), InlineData("2001:db8::7", true), InlineData("", true)]
    public void A_block_of_a_country_or_a_system_never_hits_an_address_that_is_not_public(string address, bool hit)
    {
        foreach (var (scope, value) in new[] { (BlockScope.Country, "DE"), (BlockScope.Asn, "AS64500") })
        {
            _blocks.Clear();
            Stand(scope, value, BlockOrigin.Person);
            var login = new LoginUnderTest(address, EventKind.Login) { Country = CountryCode.Parse("DE"), AsnNumber = 64500 };
            Assert.Equal(hit, Decide(login, level: RiskLevel.Low).Rule == AssessmentRecord.StandingBlock);
        }
    }

    [Fact]
    public void A_block_of_just_that_private_address_or_range_still_does()
    {
        var login = new LoginUnderTest("10.0.0.7", EventKind.Login);
        _blocks.Put(Entry(BlockScope.Ip, "10.0.0.7", BlockOrigin.Person), BlockTable.KeyOf(IpAddress.Parse("10.0.0.7")));
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(login, level: RiskLevel.Low).Rule);
        _blocks.Clear();
        var range = Networks.Parse("10.0.0.0/24");
        _blocks.Put(Entry(BlockScope.Range, "10.0.0.0/24", BlockOrigin.Person), range.Start, range.Length);
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(login, level: RiskLevel.Low).Rule);
    }

    [Fact]
    public void A_probe_leaves_no_block()
    {
        var login = Attack();
        login.Event.Probe = true;
        Assert.Equal((DecisionAction.Block, (NewBlock?)null), (Decide(login).Action, Decide(login).NewBlock));
    }

    [Fact]
    public void New_blocks_count_the_established_subjects_of_the_address()
    {
        Assert.Equal(3, Decide(Attack().WithSubjects(3)).NewlyHit);
        Assert.Equal(0, Decide(Attack()).NewlyHit);
        Assert.Equal(0, Decide(Attack().WithSubjects(3), PolicyMode.Monitor).NewlyHit);
        Stand(BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy);
        var guest = Attack();
        guest.Event.KnownDevice = true;
        Assert.Equal(1, Decide(guest).NewlyHit);
        Assert.Equal(0, Decide(Attack()).NewlyHit);
    }

    private static PolicyRule Rule => new()
    {
        Name = "block", When = new() { Signals = [new(SignalCode.PasswordSpray, 2)] }, Then = DecisionAction.Block, For = TimeSpan.FromHours(4),
    };

    private static LoginUnderTest Attack(string address = "203.0.113.7") => new(address) { Country = CountryCode.Parse("DE") };

    private Block Allow(string address, EventTime? until = null)
    {
        var entry = Entry(BlockScope.Ip, address, BlockOrigin.Person) with { Until = until ?? LoginUnderTest.Noon + TimeSpan.FromHours(1) };
        _allowed.Put(entry, BlockTable.KeyOf(IpAddress.Parse(address)));
        return entry;
    }

    private Block Stand(BlockScope scope, string value, BlockOrigin origin, bool enforced = true)
    {
        Assert.True(new BlockKeyReader(Hash).TryParse(scope, value, "default", EntryPurpose.Block, out var keyed, out var error), error);
        var block = Entry(scope, keyed.Value, origin) with { Enforced = enforced };
        _blocks.Put(block, keyed.Key.Key, keyed.Key.PrefixLength);
        return block;
    }

    private static Block Entry(BlockScope scope, string value, BlockOrigin origin) =>
        new() { Scope = scope, Value = value, Reason = "test", Origin = origin, CreatedAt = LoginUnderTest.Noon };

    private Decision Decide(
        LoginUnderTest login, PolicyMode mode = PolicyMode.Enforce, RiskLevel level = RiskLevel.High, string? operators = null, bool isTripped = false, PolicyRule? rule = null)
    {
        var high = new PolicyRule { Name = "challenge", When = new() { Level = RiskLevel.High }, Then = DecisionAction.Challenge };
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Mode = mode, Rules = [rule ?? Rule, high] });
        var maker = new DecisionMaker(policy, Hash, operators is null ? [] : [Networks.Parse(operators)]);
        var context = login.Context;
        var subject = StateKeys.Subject(Hash, default, login.Batch.Text(login.Event.SubjectId), login.Batch.Text(login.Event.SubjectName));
        var standing = StandingEntries.Find(_blocks, _allowed, context, Hash, subject);
        var match = policy.Decide(context, level, 90, Spray, -4, standing.Allow is not null);
        return maker.Decide(context, match, standing, Spray, isTripped);
    }
}
