using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Decisions;

public sealed class DecisionMakerTests : Deciding
{
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

    [Fact]
    public void An_IPv6_address_is_blocked_as_its_64()
    {
        var made = Decide(Attack("2001:db8:1:2:3:4:5:6")).NewBlock!;
        Assert.Equal((BlockScope.Range, "2001:db8:1:2::/64", 64), (made.Block.Scope, made.Block.Value, made.Key.PrefixLength));
        Blocks.Put(made.Block, made.Key.Key, made.Key.PrefixLength);
        Assert.Equal(AssessmentRecord.StandingBlock, Decide(Attack("2001:db8:1:2::9")).Rule);
        Assert.NotEqual(AssessmentRecord.StandingBlock, Decide(Attack("2001:db8:1:3::9")).Rule);
    }

    [Fact]
    public void A_tripped_valve_turns_newBlocks_into_challenges_and_leaves_standing_ones()
    {
        var held = Decide(Attack(), isTripped: true);
        Assert.Equal((DecisionAction.Challenge, false, SafetyValve.Name), (held.Action, held.Enforced, held.Valve));
        Assert.Null(held.NewBlock);
        Stand(BlockScope.Ip, "203.0.113.7", BlockOrigin.Policy);
        Assert.Equal((DecisionAction.Block, true), (Decide(Attack(), isTripped: true).Action, Decide(Attack(), isTripped: true).Enforced));
    }

    [Fact]
    public void A_probe_leaves_no_block()
    {
        var login = Attack();
        login.Event.Probe = true;
        Assert.Equal((DecisionAction.Block, (NewBlock?)null), (Decide(login).Action, Decide(login).NewBlock));
    }

    [Fact]
    public void NewBlocks_count_the_established_subjects_of_the_address()
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
}
