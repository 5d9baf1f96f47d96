using System.Numerics;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Policies.Expressions;

/// <summary>The index finds what asking every condition in turn finds.</summary>
public sealed class RuleIndexTests
{
    private static readonly CompiledPolicy NoPolicy = CompiledPolicy.Compile(new PolicyDefinition { TrustedNetworks = [new() { Networks = [Networks.Parse("203.0.113.0/25")] }] });

    private static readonly string[] Atoms =
    [
        "risk.level >= medium", "risk.level == low", "risk.score > 20", "risk.score <= 5.5", "risk.score == 20.0", "geo.country in ['DE', 'AT']", "geo.country != 'FR'", "has(geo.country)",
        "network.asn == 64500", "network.asn in [64501, 64502]", "network.asn > 64500", "'vpn' in network.kinds", "'tor' in network.kinds", "has(network.kinds)", "'ipsum' in network.feeds",
        "network.feeds.exists(f, f in ['ipsum', 'tor-exits'])", "'finance' in subject.groups", "subject.groups.exists(g, g in ['sales', 'it'])", "has(subject.groups)", "subject.groups.exists(g, g.startsWith('fi'))",
        "event.application == 'grafana'", "event.application in ['wiki', 'mail']", "event.application.startsWith('g')", "event.application < 'm'", "has(event.application)", "event.kind == 'login'",
        "event.kind in ['login_failed', 'mfa_failed']", "subject.service_account", "subject.established", "subject.logins >= 10", "subject.logins < 2.5", "subject.days_since_first_login < 7",
        "reputation.address < 0", "reputation.address <= -2.5", "reputation.pair >= 0.0", "'feed_hit' in signals", "signals.password_spray >= 2.0", "signals.new_device < 1.0", "has(signals.new_device)",
        "signals.exists(s, s == 'brute_force')", "event.occurred_at < timestamp('2026-09-22T00:00:00Z')", "event.occurred_at.getHours() < 6", "event.source_ip in [cidr('203.0.113.0/24')]", "device.known", "device.class == 'library'",
        "'totp' in event.mfa", "size(event.mfa) == 0", "network.trusted", "fleet.under_attack", "'password_spray' in fleet.attacks", "has(fleet.attacks)", "size(fleet.attacks) > 1", "fleet.attacks.exists(a, a != 'failure_surge')", "subject.groups.all(g, g != 'it')", "risk.score / 0.0 > 1.0", "true", "false",
    ];

    [Theory, InlineData(1, 5), InlineData(2, 70), InlineData(3, 500), InlineData(4, 64), InlineData(5, 65), InlineData(6, 128)]
    public void It_finds_the_same_condition_as_asking_each_in_turn(int seed, int count)
    {
        var random = new Random(seed);
        Expression[] conditions = [.. Enumerable.Range(0, count).Select(_ => Compile(Condition(random, 3)))];
        var index = new RuleIndex(conditions, PolicySchema.For(["ipsum", "tor-exits"]));
        for (var i = 0; i < 300; i++)
        {
            var login = Login(random);
            SignalRecord[] signals = [.. SignalCatalogue.All.Where(_ => random.Next(6) == 0).Select(signal => LoginUnderTest.Signal(signal.Code, random.NextDouble() * 4))];
            double[] scores = [1, 5.5, 5.6, 20, 20.01, 99];
            var frame = new Frame(login.Context, (RiskLevel)random.Next(4), scores[random.Next(scores.Length)], signals, random.Next(4) switch { 0 => float.NaN, 1 => -2.5f, 2 => 0, _ => -4 }, NoPolicy);
            var skip = new ulong[index.Words];
            for (var from = -1; ;)
            {
                var expected = -1;
                for (var rule = from + 1; rule < conditions.Length && expected < 0; rule++)
                {
                    if (conditions[rule].Holds(ref frame)) expected = rule;
                }

                var found = index.First(ref frame, skip);
                Assert.True(expected == found, $"expected {expected} {(expected < 0 ? null : conditions[expected])}, found {found} {(found < 0 ? null : conditions[found])}");
                if (found < 0) break;
                for (var rule = from + 1; rule <= found; rule++) skip[rule >> 6] |= 1UL << (rule & 63);
                from = found;
            }
        }
    }

    [Fact]
    public void Evaluating_allocates_nothing()
    {
        string[] texts =
        [
            .. Atoms, "event.user_agent.matches('Mozilla/[0-9]+.*Firefox')", "subject.groups.filter(g, g != 'it').map(g, size(g)).exists(n, n > 100)", "{'grafana': 1, 'wiki': 2}[event.application] > 5",
            "event.occurred_at.getHours('Europe/Berlin') > 50", "['a', 'b'].exists(p, event.application.startsWith(p)) && ['a', 'b'].exists(p, event.application.endsWith(p))", "cidr('198.51.100.0/24').contains(event.source_ip)",
        ];
        Expression[] conditions = [.. texts.Select(Compile)];
        RuleIndex index = new(conditions, PolicySchema.For(["ipsum", "tor-exits"]));
        var login = Login(new Random(7)).InGroups("finance", "it");
        login.Event.Application = login.Text("grafana");
        login.Event.UserAgent = login.Text("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        SignalRecord[] signals = [LoginUnderTest.Signal(SignalCode.PasswordSpray, 2)];
        var (skip, holding) = (new ulong[index.Words], 0);
        Assert.Equal(0, Allocations.Least(() =>
        {
            // Each one by itself too: what the index has decided it does not evaluate.
            holding = 0;
            foreach (var condition in conditions)
            {
                var alone = new Frame(login.Context, RiskLevel.High, 50, signals, -3, NoPolicy);
                if (condition.Holds(ref alone)) holding++;
            }

            Array.Clear(skip);
            for (var found = 0; found >= 0;)
            {
                var together = new Frame(login.Context, RiskLevel.High, 50, signals, -3, NoPolicy);
                found = index.First(ref together, skip);
                if (found >= 0) skip[found >> 6] |= 1UL << (found & 63);
            }
        }));
        Assert.InRange(holding, 10, conditions.Length - 10);
        Assert.Equal(holding, skip.Sum(BitOperations.PopCount));
    }

    [Fact]
    public void Conditions_that_no_field_decides_are_asked_once_where_they_are_shared()
    {
        var conditions = Enumerable.Range(0, 200).Select(i => Compile($"subject.groups.all(g, g.size() > 3) && event.reason == 'r{i}'")).ToArray();
        var index = new RuleIndex(conditions, PolicySchema.For([]));
        var login = new LoginUnderTest().InGroups([.. Enumerable.Range(0, 5000).Select(i => $"group{i}")]);
        login.Event.Reason = login.Text("r199");
        var frame = new Frame(login.Context, RiskLevel.High, 50, [], 0, NoPolicy);
        Assert.Equal(199, index.First(ref frame, []));
    }

    private static Expression Compile(string text)
    {
        var expression = TypeChecker.Compile(text, Evaluated.Scope, ExpressionType.Bool, out var faults);
        Assert.True(expression is not null, $"{text}: {string.Join('\n', faults)}");
        return expression;
    }

    private static string Condition(Random random, int depth) => (depth == 0 ? 9 : random.Next(10)) switch
    {
        0 or 1 or 2 => $"({Condition(random, depth - 1)} && {Condition(random, depth - 1)})",
        3 => $"({Condition(random, depth - 1)} && {Condition(random, depth - 1)} && {Condition(random, depth - 1)})",
        4 or 5 => $"({Condition(random, depth - 1)} || {Condition(random, depth - 1)})",
        6 => $"!({Condition(random, depth - 1)})",
        7 => $"({Condition(random, depth - 1)} ? {Condition(random, depth - 1)} : {Condition(random, depth - 1)})",
        _ => $"({Atoms[random.Next(Atoms.Length)]})",
    };

    private static LoginUnderTest Login(Random random)
    {
        T Any<T>(params T[] values) => values[random.Next(values.Length)];
        var login = new LoginUnderTest(Any("203.0.113.7", "203.0.113.200", "10.0.0.1", "2001:db8::1", ""), Any(EventKind.Login, EventKind.LoginFailed, EventKind.MfaFailed, EventKind.LoginAttempt))
        {
            Country = CountryCode.Parse(Any("DE", "FR", "AT", "US", "")),
            AsnNumber = Any(0u, 64500u, 64501u, 64999u),
            IsEstablished = random.Next(2) == 0,
            IsEvaluable = random.Next(4) != 0,
            Fleetwide = Any(AttackKinds.None, AttackKinds.PasswordSpray, AttackKinds.FailureSurge, AttackKinds.PasswordSpray | AttackKinds.FailureSurge),
        };
        login.Facts.Networks = Any(NetworkKinds.None, NetworkKinds.Vpn, NetworkKinds.Tor | NetworkKinds.Vpn, NetworkKinds.Mobile);
        if (random.Next(2) == 0) login.Facts.AddFeedHit(new FeedHit((byte)random.Next(2), 1, 1));
        if (random.Next(3) != 0) login.InGroups(Any<string[]>(["finance"], ["sales", "it"], ["it"], ["other", "finance"]));
        if (random.Next(3) != 0) login.Event.Application = login.Text(Any("grafana", "wiki", "mail", "zzz"));
        login.Event.ServiceAccount = random.Next(4) == 0;
        login.Event.KnownDevice = Any<bool?>(null, true, false);
        if (random.Next(2) == 0) login.WithFactors("totp");
        login.Device.Class = Any(DeviceClass.Unknown, DeviceClass.Library, DeviceClass.Desktop);
        if (random.Next(3) != 0) (login.Profile.Logins, login.Profile.FirstLogin) = (Any(1u, 2u, 3u, 10u), login.Now - Any(3600u, 7 * 86_400u, 8 * 86_400u));
        login.Pair.Failures.Add(login.Now, random.Next(3), ReputationRow.HalfLife);
        return login;
    }
}
