using System.Buffers;
using System.Text;
using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

/// <summary>Events that one process reads, writes and hands to another, which reads them again.</summary>
public sealed class LoginEventJsonTests
{
    private static readonly KeyedHash Shared = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    private static readonly KeyedHash Own = new([16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FormatContext _collector = new() { Hash = Shared, Clock = new StandingClock() };
    private readonly FormatContext _engine = new() { Hash = Own, Clock = new StandingClock() };

    [Theory]
    [InlineData("""{"id":"a","occurred_at":"2026-11-21T20:15:01.123Z","kind":"login","tenant":"acme","subject":{"id":"42","name":"jane","groups":["finance","ops"],"service_account":true},"source_ip":"203.0.113.7","user_agent":"Mozilla/5.0 \"x\"","device_id":"d","known_device":false,"request_id":"r","application":"grafana","auth_method":"password","mfa":["totp","webauthn"],"reason":"why","round_trip_ms":38,"geo":{"country":"DE","city":"Köln","latitude":52.5,"longitude":13.25},"asn":{"number":3320,"organization":"Telekom"},"probe":true}""")]
    [InlineData("""{"id":"b","occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"~tilde"},"source_ip":"2001:db8::1"}""")]
    [InlineData("""{"id":"c","occurred_at":"2026-11-21T20:15:01Z","kind":"something_else","subject":{"id":"~7"}}""")]
    [InlineData("""{"id":"d","occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":"7"},"geo":{"country":"Germany","city":"Berlin"}}""")]
    public void What_was_read_comes_out_the_same(string record)
    {
        var direct = Read(_engine, record);
        var handed = Read(_engine, HandOn(record));
        Assert.Equal(Canonical(direct), Canonical(handed));
        Assert.Equal((direct[0].GeoRefused, direct[0].Probe, direct[0].KnownDevice), (handed[0].GeoRefused, handed[0].Probe, handed[0].KnownDevice));
    }

    [Fact]
    public void A_session_and_a_name_that_does_not_exist_travel_as_hashes_and_are_the_same_to_an_engine_however_they_come()
    {
        const string Record = """{"id":"a","occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"no such name"},"session_id":"a session","reason":"invalid_user"}""";
        var text = HandOn(Record);
        Assert.DoesNotContain("a session", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no such name", text, StringComparison.Ordinal);
        var handed = Read(_engine, text);
        var direct = Read(_engine with { Shared = Shared }, Record);
        Assert.True(handed[0].SubjectIsUnknown);
        Assert.Equal(direct[0].Session, handed[0].Session);
        Assert.Equal(direct.String(direct[0].SubjectName), handed.String(handed[0].SubjectName));
        Assert.NotEqual(Own.Session("a session"u8), handed[0].Session);
    }

    [Fact]
    public void A_name_that_a_source_knows_not_to_exist_by_itself_stays_unknown()
    {
        var batch = Read(_collector, """{"id":"a","occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"x"},"reason":"invalid_user"}""");
        batch[0].Reason = default;
        Assert.True(Read(_engine, Write(batch))[0].SubjectIsUnknown);
    }

    [Fact]
    public void What_is_of_nobody_cannot_be_handed_on()
    {
        var batch = new EventBatch();
        batch.Add(new SourcePosition(0, 0, 0)).Kind = EventKind.Other;
        Assert.False(LoginEventJson.CanWrite(batch[0]));
    }

    private static EventBatch Read(FormatContext context, string record)
    {
        var batch = new EventBatch();
        var parsed = new RiskEngineFormat(context).Parse(Encoding.UTF8.GetBytes(record), new SourcePosition(0, 0, 0), batch);
        Assert.True(parsed.Added == 1, parsed.Defect.ToString());
        return batch;
    }

    private string HandOn(string record) => Write(Read(_collector, record));

    private static string Write(EventBatch batch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) LoginEventJson.Write(writer, batch, 0);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Everything that is written of an event: equal texts are equal events.</summary>
    private static string Canonical(EventBatch batch) => Write(batch);

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
