using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Incidents;

namespace RiskEngine.Host.Tests.Incidents;

public sealed class IncidentWatchTests
{
    private readonly IncidentWatch _watch = new(new IncidentSettings());

    [Fact]
    public void Who_is_erased_while_stored_events_are_read_is_not_put_in_by_them()
    {
        _watch.Hold();
        Restore("ann", "198.51.100.7");
        Restore("bob", "203.0.113.7");
        _watch.Forget([new UInt128(1, KeyOf("ann")), new UInt128(1, KeyOf("bob"))]);
        Restore("bob", "203.0.113.8");
        Restore("eve", "192.0.2.7");
        _watch.Release();
        Assert.Equal(["erased", "erased", "eve"], _watch.Read(book => book.Open.SelectMany(incident => incident.Tried).Order().ToArray()));
    }

    [Fact]
    public void What_is_read_after_the_next_hold_is_put_in_again()
    {
        _watch.Hold();
        _watch.Forget([KeyOf("bob")]);
        _watch.Release();
        Restore("bob", "203.0.113.7");
        Assert.Equal(["bob"], _watch.Read(book => book.Open[0].Tried));
    }

    private static ulong KeyOf(string subject) => (ulong)subject.GetHashCode(StringComparison.Ordinal);

    private void Restore(string subject, string address) => _watch.Restore(new AssessedEvent
    {
        OccurredAt = new EventTime(1_790_000_000_000),
        Kind = EventKind.LoginFailed,
        Level = RiskLevel.High,
        Score = 80,
        Action = DecisionAction.Challenge,
        SourceIp = IpAddress.Parse(address),
        Subject = KeyOf(subject),
        EventId = Encoding.UTF8.GetBytes($"{subject}-{address}"),
        SubjectText = Encoding.UTF8.GetBytes(subject),
        Signals = new SignalRecord[] { new(SignalCode.BruteForce, 4, 4, 12, 0, 0, default) },
    });
}
