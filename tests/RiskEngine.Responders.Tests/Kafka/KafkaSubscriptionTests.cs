using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Responders.Kafka;

namespace RiskEngine.Responders.Tests.Kafka;

public sealed class KafkaSubscriptionTests
{
    private static readonly Block Address = new()
    {
        Id = 7, Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "a test", Origin = BlockOrigin.Person, CreatedAt = new EventTime(1_795_000_000_000), Until = new EventTime(1_795_000_600_000),
    };

    private readonly KafkaSubscription _subscription = new(new KeyedHash(new byte[16]));
    private readonly List<OutboxItem> _owed = [];

    [Fact]
    public void A_block_is_owed_under_scope_and_value_with_its_end()
    {
        _subscription.Blocked(Address, _owed);
        var (key, value) = KafkaDecision.Unpack(_owed.Single().Payload.Span);
        Assert.Equal("ip:203.0.113.7", Encoding.UTF8.GetString(key));
        using var read = JsonDocument.Parse(value);
        Assert.Equal((Address.Until!.Value.ToString(), "person"), (read.RootElement.GetProperty("until").GetString(), read.RootElement.GetProperty("origin").GetString()));
    }

    [Fact]
    public void A_release_has_the_same_key_and_order_and_no_value()
    {
        _subscription.Blocked(Address, _owed);
        _subscription.Released(Address, new EventTime(1_795_000_060_000), _owed);
        var (key, value) = KafkaDecision.Unpack(_owed[1].Payload.Span);
        Assert.Equal(("ip:203.0.113.7", null), (Encoding.UTF8.GetString(key), value));
        Assert.Equal(_owed[0].OrderKey, _owed[1].OrderKey);
        Assert.NotEqual(_owed[0].IdempotencyKey, _owed[1].IdempotencyKey);
        Assert.All(_owed, item => Assert.True(item.IsLatestWish));
    }

    [Fact]
    public void Subjects_of_two_tenants_are_two_keys() =>
        Assert.Equal(
            ("subject:42", "subject:acme/42"),
            (KafkaDecision.KeyOf(Address with { Scope = BlockScope.Subject, Value = "42" }), KafkaDecision.KeyOf(Address with { Scope = BlockScope.Subject, Value = "42", Tenant = "acme" })));

    [Fact]
    public void A_subject_is_named_by_its_handle_so_that_it_can_be_erased()
    {
        _subscription.Blocked(Address with { Scope = BlockScope.Subject, Value = "42" }, _owed);
        Assert.NotNull(_owed.Single().Subject);
    }
}
