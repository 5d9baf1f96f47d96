using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class RiskEngineFormatTests
{
    private const string Full = """
        {"id":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","occurred_at":"2026-11-21T20:15:01.123Z","kind":"login","tenant":"acme","subject":{"id":"42","name":"jane","groups":["finance","staff"],"service_account":true},"source_ip":"203.0.113.7","user_agent":"Mozilla/5.0 \u00fc","session_id":"s-1","device_id":"d1","known_device":true,"request_id":"r1","application":"grafana","auth_method":"password","mfa":["totp"],"reason":null,"round_trip_ms":38,"geo":{"country":"DE","city":"Berlin","latitude":52.5,"longitude":13.4},"asn":{"number":3320,"organization":"Example"},"probe":true}
        """;

    private readonly RiskEngineFormat _format = new(Some.Context);

    [Fact]
    public void Every_field_of_the_canonical_event_arrives()
    {
        var parsed = _format.Parse(Full);
        var e = parsed.Event;
        Assert.Equal("0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11", parsed.Text(x => x.Id));
        Assert.Equal("2026-11-21T20:15:01.123Z", e.OccurredAt.ToString());
        Assert.Equal(EventKind.Login, e.Kind);
        Assert.Equal(["acme", "42", "jane"], [parsed.Text(x => x.Tenant), parsed.Text(x => x.SubjectId), parsed.Text(x => x.SubjectName)]);
        Assert.Equal(["finance", "staff"], parsed.List(x => x.Groups));
        Assert.True(e.ServiceAccount);
        Assert.Equal(IpAddress.Parse("203.0.113.7"), e.SourceIp);
        Assert.Equal("Mozilla/5.0 ü", parsed.Text(x => x.UserAgent));
        Assert.Equal(Some.Hash.Session("s-1"u8), e.Session);
        Assert.Equal(["d1", "r1", "grafana", "password"], [parsed.Text(x => x.DeviceId), parsed.Text(x => x.RequestId), parsed.Text(x => x.Application), parsed.Text(x => x.AuthMethod)]);
        Assert.Equal(["totp"], parsed.List(x => x.Mfa));
        Assert.True(e.KnownDevice);
        Assert.Equal(38, e.RoundTripMilliseconds);
        Assert.Equal(("DE", "Berlin", 52.5f, 13.4f), (e.Country.ToString(), parsed.Text(x => x.City), e.Latitude, e.Longitude));
        Assert.Equal((3320u, "Example"), (e.Asn, parsed.Text(x => x.AsnOrganisation)));
        Assert.True(e.Probe);
        Assert.True(e.Reason.IsEmpty);
    }

    [Fact]
    public void The_least_an_event_needs_is_a_time_a_kind_and_a_name()
    {
        var parsed = Event("");
        Assert.Null(parsed.Event.KnownDevice);
        Assert.Equal(-1, parsed.Event.RoundTripMilliseconds);
        Assert.True(float.IsNaN(parsed.Event.Latitude));
        Assert.True(parsed.Event.SourceIp.IsUnknown);
        Assert.StartsWith("d-", parsed.Text(x => x.Id), StringComparison.Ordinal);
        Assert.Equal(34, parsed.Event.Id.Length);
    }

    [Theory]
    [InlineData("2026-11-21T20:15:01Z", "2026-11-21T20:15:01.000Z")]
    [InlineData("2026-11-21T20:15:01", "2026-11-21T20:15:01.000Z")]
    [InlineData("2026-11-21 20:15:01.5", "2026-11-21T20:15:01.500Z")]
    [InlineData("2026-11-21T20:15:01.123456789Z", "2026-11-21T20:15:01.123Z")]
    [InlineData("2026-11-21T21:15:01.12+01:00", "2026-11-21T20:15:01.120Z")]
    [InlineData("2026-11-21T15:45:01-0430", "2026-11-21T20:15:01.000Z")]
    [InlineData("2026-11-21T21:15:01+01", "2026-11-21T20:15:01.000Z")]
    [InlineData("2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2024-02-29T00:00:00z", "2024-02-29T00:00:00.000Z")]
    [InlineData("2026-11-21T21:10:00Z", "2026-11-21T21:10:00.000Z")]
    public void A_time_is_read_to_the_millisecond(string text, string expected) =>
        Assert.Equal(expected, _format.Parse($$"""{"occurred_at":"{{text}}","kind":"login","subject":{"id":"1"} }""").Event.OccurredAt.ToString());

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", DefectReason.BadTime)]
    [InlineData("1999-12-31T23:59:59.999Z", DefectReason.BadTime)]
    [InlineData("2100-01-01T00:00:00Z", DefectReason.InFuture)]
    [InlineData("2026-11-21T21:10:00.001Z", DefectReason.InFuture)]
    [InlineData("2026-02-29T00:00:00Z", DefectReason.BadTime)]
    [InlineData("2026-13-01T00:00:00Z", DefectReason.BadTime)]
    [InlineData("2026-11-21", DefectReason.BadTime)]
    [InlineData("2026-11-21T24:00:00Z", DefectReason.BadTime)]
    [InlineData("2026-11-21T20:15:01.Z", DefectReason.BadTime)]
    [InlineData("2026-11-21T20:15:01.1234567890Z", DefectReason.BadTime)]
    [InlineData("2026-11-21T20:15:01 Z", DefectReason.BadTime)]
    [InlineData("2026-11-21T20:15:01+25:00", DefectReason.BadTime)]
    [InlineData("yesterday", DefectReason.BadTime)]
    [InlineData("", DefectReason.BadTime)]
    public void A_time_that_cannot_be_is_named(string text, DefectReason reason)
    {
        var defect = _format.Parse($$"""{"occurred_at":"{{text}}","kind":"login","subject":{"id":"1"} }""").Defect;
        Assert.Equal((reason, 15), (defect.Reason, defect.Position));
    }

    [Theory]
    [InlineData("""{"kind":"login","subject":{"id":"1"}}""", DefectReason.MissingField, "occurred_at is missing")]
    [InlineData("""{"occurred_at":null,"kind":"login","subject":{"id":"1"}}""", DefectReason.MissingField, "occurred_at is missing")]
    [InlineData("""{"occurred_at":1763755200000,"kind":"login","subject":{"id":"1"}}""", DefectReason.WrongType, "occurred_at must be text")]
    [InlineData("""{"occurred_at":"2026-11-21T20:15:01Z","subject":{"id":"1"}}""", DefectReason.MissingField, "kind is missing")]
    [InlineData("""{"occurred_at":"2026-11-21T20:15:01Z","kind":7,"subject":{"id":"1"}}""", DefectReason.WrongType, "kind must be text")]
    [InlineData("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login"}""", DefectReason.MissingField, "subject.id or subject.name is missing")]
    [InlineData("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{}}""", DefectReason.MissingField, "subject.id or subject.name is missing")]
    [InlineData("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":"jane"}""", DefectReason.WrongType, "subject must be an object")]
    [InlineData("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":4.5}}""", DefectReason.WrongType, "subject.id must be text or a whole number")]
    [InlineData("[]", DefectReason.WrongType, "the record must be an object")]
    [InlineData("null", DefectReason.WrongType, "the record must be an object")]
    [InlineData("42", DefectReason.WrongType, "the record must be an object")]
    public void What_is_missing_or_of_the_wrong_type_is_named(string record, DefectReason reason, string detail)
    {
        var defect = _format.Parse(record).Defect;
        Assert.Equal((reason, detail), (defect.Reason, defect.Detail));
    }

    [Theory]
    [InlineData("\"user_agent\":5", "user_agent must be text")]
    [InlineData("\"known_device\":\"yes\"", "known_device must be true or false")]
    [InlineData("\"mfa\":\"totp\"", "mfa must be a list of texts")]
    [InlineData("\"mfa\":[1]", "mfa must be text")]
    [InlineData("\"geo\":\"DE\"", "geo must be an object")]
    [InlineData("\"geo\":{\"latitude\":\"52\"}", "geo.latitude must be a number")]
    [InlineData("\"asn\":3320", "asn must be an object")]
    [InlineData("\"source_ip\":[\"203.0.113.7\"]", "source_ip must be text")]
    [InlineData("\"probe\":1", "probe must be true or false")]
    public void A_field_of_the_wrong_type_is_named(string member, string detail)
    {
        var defect = Event("," + member).Defect;
        Assert.Equal((DefectReason.WrongType, detail), (defect.Reason, defect.Detail));
        Assert.True(defect.Position > 60);
    }

    [Theory]
    [InlineData("\"geo\":{\"latitude\":91,\"longitude\":0}")]
    [InlineData("\"geo\":{\"latitude\":0,\"longitude\":-180.5}")]
    [InlineData("\"geo\":{\"latitude\":1e999,\"longitude\":0}")]
    [InlineData("\"asn\":{\"number\":4294967296}")]
    [InlineData("\"asn\":{\"number\":-1}")]
    [InlineData("\"round_trip_ms\":-1")]
    public void A_number_out_of_its_range_is_a_bad_number(string member) => Assert.Equal(DefectReason.BadNumber, Event("," + member).Defect.Reason);

    [Theory]
    [InlineData("203.0.113.7:4711", "an address with a port; give the address alone")]
    [InlineData("[2001:db8::1]:443", "an address with a port; give the address alone")]
    [InlineData("[2001:db8::1]", "an address in brackets; give the address alone")]
    [InlineData("fe80::1%eth0", "an address with a zone; give the address alone")]
    [InlineData("203.0.113.7, 198.51.100.2", "a list of addresses, as in X-Forwarded-For; give only the one that the last trusted proxy saw")]
    [InlineData("203.0.113.0/24", "a network; give one address")]
    [InlineData("example.org", "not an IP address")]
    [InlineData("203.0.113.256", "not an IP address")]
    public void An_address_that_is_none_says_what_it_is(string address, string detail)
    {
        var defect = Event($",\"source_ip\":\"{address}\"").Defect;
        Assert.Equal((DefectReason.BadAddress, detail), (defect.Reason, defect.Detail));
    }

    [Theory, InlineData("255.255.255.255"), InlineData("::"), InlineData("")]
    public void Spellings_of_an_unknown_address_are_an_unknown_address(string address) =>
        Assert.True(Event($",\"source_ip\":\"{address}\"").Event.SourceIp.IsUnknown);

    [Theory, InlineData("Germany"), InlineData("D"), InlineData("D1"), InlineData("DEU"), InlineData("Bundesrepublik Deutschland")]
    public void A_country_that_is_none_takes_its_location_along_and_is_noted(string country)
    {
        var e = Event($",\"geo\":{{\"city\":\"Berlin\",\"latitude\":52.5,\"country\":\"{country}\",\"longitude\":13.4}}").Event;
        Assert.Equal((true, false, true, true), (e.GeoRefused, e.Country.IsKnown, e.City.IsEmpty, float.IsNaN(e.Latitude)));
    }

    [Theory, InlineData("\"de\"", "DE"), InlineData("\"\"", ""), InlineData("\"-\"", ""), InlineData("null", "")]
    public void A_country_that_is_not_given_leaves_the_rest(string country, string expected)
    {
        var e = Event($",\"geo\":{{\"country\":{country},\"latitude\":52.5,\"longitude\":13.4}}").Event;
        Assert.Equal((false, expected, 52.5f), (e.GeoRefused, e.Country.ToString(), e.Latitude));
    }

    [Fact]
    public void Unknown_members_are_ignored_whatever_they_hold() =>
        Assert.Equal("jane", Event(",\"extra\":{\"a\":[1,{\"b\":null}]},\"kinds\":[],\"x\":1e5").Text(x => x.SubjectName));

    [Fact]
    public void Members_and_texts_are_unescaped()
    {
        var parsed = Event(""","\u0061pplication":"gr\u0061f\"ana\n\ud83d\ude00" """);
        Assert.Equal("graf\"ana\n😀", parsed.Text(x => x.Application));
    }

    [Fact]
    public void A_whole_number_and_its_text_are_the_same_id() =>
        Assert.Equal("42", _format.Parse("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":42}}""").Text(x => x.SubjectId));

    [Fact]
    public void A_kind_nobody_knows_is_kept_as_written()
    {
        var parsed = _format.Parse("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"door_opened","subject":{"id":42}}""");
        Assert.Equal((EventKind.Other, "door_opened"), (parsed.Event.Kind, parsed.Text(x => x.KindText)));
    }

    [Fact]
    public void Of_a_session_only_the_hash_remains()
    {
        var parsed = Event(",\"session_id\":\"very-secret\"");
        Assert.NotEqual(UInt128.Zero, parsed.Event.Session);
        Assert.DoesNotContain("very-secret", parsed.Batch.String(new Slice(0, parsed.Batch.TextLength)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_equal_lines_are_two_events_and_a_line_read_again_is_not()
    {
        const string Line = """{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":42}}""";
        Assert.NotEqual(_format.Parse(Line, 0).Text(x => x.Id), _format.Parse(Line, 80).Text(x => x.Id));
        Assert.Equal(_format.Parse(Line, 80).Text(x => x.Id), new RiskEngineFormat(Some.Context).Parse(Line, 80).Text(x => x.Id));
        Assert.NotEqual(_format.Parse(Line, 80).Text(x => x.Id), new RiskEngineFormat(Some.Context with { SourceName = "other" }).Parse(Line, 80).Text(x => x.Id));
    }

    [Fact]
    public void Evaluate_may_leave_out_kind_and_time()
    {
        var parsed = new RiskEngineFormat(Some.Context with { EvaluateDefaults = true }).Parse("""{"subject":{"id":42}}""");
        Assert.Equal((EventKind.LoginAttempt, EventTime.From(Some.Now)), (parsed.Event.Kind, parsed.Event.OccurredAt));
    }

    [Fact]
    public void A_long_user_agent_is_cut_between_characters()
    {
        var parsed = Event($",\"user_agent\":\"{new string('a', 2047)}üüü\"");
        Assert.Equal(new string('a', 2047), parsed.Text(x => x.UserAgent));
    }

    [Theory]
    [InlineData("application", 256, true)]
    [InlineData("application", 257, false)]
    [InlineData("id", 257, false)]
    [InlineData("request_id", 300, false)]
    public void Other_texts_may_be_256_bytes_long(string field, int length, bool isGood) =>
        Assert.Equal(isGood ? DefectReason.None : DefectReason.FieldTooLong, Event($",\"{field}\":\"{new string('a', length)}\"").Defect.Reason);

    [Fact]
    public void More_than_256_factors_are_too_many() =>
        Assert.Equal(DefectReason.FieldTooLong, Event(",\"mfa\":[" + string.Join(',', Enumerable.Repeat("\"g\"", 257)) + "]").Defect.Reason);

    [Theory]
    [InlineData("{", DefectReason.InvalidJson)]
    [InlineData("{\"a\":1,}", DefectReason.InvalidJson)]
    [InlineData("not json", DefectReason.InvalidJson)]
    [InlineData("{} {}", DefectReason.InvalidJson)]
    [InlineData("{\"id\":\"\\ud800\"}", DefectReason.InvalidUtf8)]
    [InlineData("{\"id\":\"a\\u0000b\"}", DefectReason.NulByte)]
    [InlineData("{\"id\":\"a\0b\"}", DefectReason.NulByte)]
    public void Broken_text_is_a_defect_with_a_place(string record, DefectReason reason)
    {
        var defect = _format.Parse(record).Defect;
        Assert.Equal(reason, defect.Reason);
        Assert.InRange(defect.Position, 0, record.Length);
    }

    [Fact]
    public void A_byte_that_is_no_utf8_is_named_by_its_place()
    {
        var defect = _format.Parse([.. "{\"id\":\""u8, 0xC3, 0x28, .. "\"}"u8]).Defect;
        Assert.Equal((DefectReason.InvalidUtf8, 7), (defect.Reason, defect.Position));
    }

    [Fact]
    public void A_thousand_levels_are_too_deep() =>
        Assert.Equal(DefectReason.TooDeep, Event(",\"x\":" + new string('[', 1000) + new string(']', 1000)).Defect.Reason);

    [Fact]
    public void A_faulty_record_leaves_nothing_in_the_batch()
    {
        var batch = new EventBatch();
        var result = _format.Parse("""{"id":"x","occurred_at":"2026-11-21T20:15:01Z","kind":"login","mfa":["a"]}"""u8, default, batch);
        Assert.True(result.IsFaulty);
        Assert.Equal((0, 0, 0), (batch.Count, batch.TextLength, batch.ListCount));
    }

    private Parsed Event(string more) =>
        _format.Parse($$"""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"name":"jane"}{{more}}}""");
}
