using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Kafka;

/// <summary>Wants every block and every release. Of what waits for one key only the last counts, as in the compacted topic it goes to.</summary>
public sealed class KafkaSubscription(KeyedHash hash) : IOutboxSubscription
{
    private const ulong Tweak = 0x6b61666b61;

    /// <summary>Gets the highest there is: of decisions about logins the topic of assessments tells.</summary>
    public DecisionAction MinimumAction => DecisionAction.Block;

    public void Decided(Effects effects, int index, ICollection<OutboxItem> owed)
    {
        // The block that a decision makes is what is told.
    }

    public void Blocked(Block block, ICollection<OutboxItem> owed) => owed.Add(Item(block, block.CreatedAt, isReleased: false));

    public void Released(Block block, EventTime at, ICollection<OutboxItem> owed) => owed.Add(Item(block, at, isReleased: true));

    public void Labelled(StoredEvent stored, Feedback feedback, ICollection<OutboxItem> owed)
    {
        // What a person says of an event is no decision.
    }

    private OutboxItem Item(Block block, EventTime at, bool isReleased)
    {
        var key = KafkaDecision.KeyOf(block);
        return new OutboxItem
        {
            Responder = KafkaResponder.ResponderName, OrderKey = $"block/{Hash(key)}", Kind = "decision", IsLatestWish = true,
            IdempotencyKey = Hash($"{key}\0{(isReleased ? "release" : "block")}\0{at}\0{block.Id}"),
            Payload = KafkaDecision.Pack(block, isReleased), Subject = SubjectHandle.Of(hash, block),
        };
    }

    private string Hash(string text) => hash.Hash(Encoding.UTF8.GetBytes(text), Tweak).ToString("x32", CultureInfo.InvariantCulture);
}
