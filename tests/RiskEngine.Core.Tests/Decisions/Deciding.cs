using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Core.Tests.Policies;

namespace RiskEngine.Core.Tests.Decisions;

/// <summary>One login after another, decided by a policy with a rule against sprays and one that challenges high risk.</summary>
public abstract class Deciding
{
    private protected static readonly KeyedHash Hash = new(new byte[16]);
    private static readonly SignalRecord[] Spray = [LoginUnderTest.Signal(SignalCode.PasswordSpray, 3), LoginUnderTest.Signal(SignalCode.NewDevice, 0.5)];

    private protected BlockTable Blocks { get; } = new();

    private protected BlockTable Allowed { get; } = new();

    private protected static PolicyRule Rule => new()
    {
        Name = "block", When = new() { Signals = [new(SignalCode.PasswordSpray, 2)] }, Then = DecisionAction.Block, For = TimeSpan.FromHours(4),
    };

    private protected static LoginUnderTest Attack(string address = "203.0.113.7") => new(address) { Country = CountryCode.Parse("DE") };

    private protected Block Allow(string address, EventTime? until = null)
    {
        var entry = Entry(BlockScope.Ip, address, BlockOrigin.Person) with { Until = until ?? LoginUnderTest.Noon + TimeSpan.FromHours(1) };
        Allowed.Put(entry, BlockTable.KeyOf(IpAddress.Parse(address)));
        return entry;
    }

    private protected Block Stand(BlockScope scope, string value, BlockOrigin origin, bool enforced = true)
    {
        Assert.True(new BlockKeyReader(Hash).TryParse(scope, value, "default", EntryPurpose.Block, out var keyed, out var error), error);
        var block = Entry(scope, keyed.Value, origin) with { Enforced = enforced };
        Blocks.Put(block, keyed.Key.Key, keyed.Key.PrefixLength);
        return block;
    }

    private protected static Block Entry(BlockScope scope, string value, BlockOrigin origin) =>
        new() { Scope = scope, Value = value, Reason = "test", Origin = origin, CreatedAt = LoginUnderTest.Noon };

    private protected Decision Decide(
        LoginUnderTest login, PolicyMode mode = PolicyMode.Enforce, RiskLevel level = RiskLevel.High, string? operators = null, bool isTripped = false, PolicyRule? rule = null)
    {
        var high = new PolicyRule { Name = "challenge", When = new() { Level = RiskLevel.High }, Then = DecisionAction.Challenge };
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Mode = mode, Rules = [rule ?? Rule, high] });
        var maker = new DecisionMaker(policy, Hash, operators is null ? [] : [Networks.Parse(operators)]);
        var context = login.Context;
        var subject = StateKeys.Subject(Hash, default, login.Batch.Text(login.Event.SubjectId), login.Batch.Text(login.Event.SubjectName));
        var standing = StandingEntries.Find(Blocks, Allowed, context, Hash, subject);
        var match = policy.Decide(context, level, 90, Spray, -4, standing.Allow is not null);
        return maker.Decide(context, match, standing, Spray, isTripped);
    }
}
