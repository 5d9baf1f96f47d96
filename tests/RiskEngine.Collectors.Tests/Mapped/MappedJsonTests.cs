using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Mapped;

public sealed class MappedJsonTests
{
    private readonly IEventFormat _format = SomeMapping.Format(SomeMapping.Json);

    [Fact]
    public void Every_field_arrives()
    {
        var parsed = _format.Parse(SomeMapping.JsonRecord);
        var e = parsed.Event;
        Assert.Equal(("2026-11-21T20:15:01.123Z", EventKind.Login, "203.0.113.7", "DE", 64500u, 38), (e.OccurredAt.ToString(), e.Kind, e.SourceIp.ToString(), e.Country.ToString(), e.Asn, e.RoundTripMilliseconds));
        Assert.Equal((52.5f, 13.4f, true, true), (e.Latitude, e.Longitude, e.ServiceAccount, e.KnownDevice));
        Assert.Equal(["42", "jane", "Mozilla/5.0 \"x\"", "grafana", "sso"], new Func<LoginEvent, Slice>[] { x => x.SubjectId, x => x.SubjectName, x => x.UserAgent, x => x.Application, x => x.AuthMethod }.Select(parsed.Text));
        Assert.Equal(["finance", "admins"], parsed.List(x => x.Groups));
        Assert.Equal(Some.Hash.Session("c0ffee"u8), e.Session);
        Assert.StartsWith("d-", parsed.Text(x => x.Id), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_id_leaves_only_its_hash() => Assert.DoesNotContain("c0ffee", AllText(_format.Parse(SomeMapping.JsonRecord)), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_does_not_exist_is_hashed()
    {
        var parsed = _format.Parse("""{"at":"2026-11-21T20:15:01Z","type":"in","outcome":{"result":"NO","reason":"NO_ACCOUNT"},"actor":{"login":"hunter2"}}""");
        Assert.Equal((EventKind.LoginFailed, true), (parsed.Event.Kind, parsed.Event.SubjectIsUnknown));
        Assert.Matches("^~[0-9a-f]{32}$", parsed.Text(x => x.SubjectName));
        Assert.DoesNotContain("hunter2", AllText(parsed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_nobody_mapped_is_kept_and_not_judged()
    {
        var parsed = _format.Parse("""{"at":"2026-11-21T20:15:01Z","type":"in","outcome":{"result":"MAYBE"},"actor":{"id":"1"}}""");
        Assert.Equal((EventKind.Other, "in MAYBE"), (parsed.Event.Kind, parsed.Text(x => x.KindText)));
    }

    [Fact]
    public void A_kind_whose_second_place_is_absent_is_looked_up_without_it() =>
        Assert.Equal(EventKind.Logout, _format.Parse("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"}}""").Event.Kind);

    [Fact]
    public void A_mapping_may_ignore_what_it_does_not_name_and_then_asks_nothing_of_it()
    {
        var ignoring = SomeMapping.Format(SomeMapping.Json with { Fields = SomeMapping.Json.Fields with { Kind = SomeMapping.Json.Fields.Kind with { Otherwise = UnmappedKind.Ignore } } });
        Assert.Equal(ParseResult.Nothing, ignoring.Parse("""{"type":"heartbeat"}""").Result);
        Assert.Equal(ParseResult.Nothing, ignoring.Parse("""{"status":"fine"}""").Result);
    }

    [Fact]
    public void A_mapping_may_refuse_what_it_does_not_name()
    {
        var strict = SomeMapping.Format(SomeMapping.Json with { Fields = SomeMapping.Json.Fields with { Kind = SomeMapping.Json.Fields.Kind with { Otherwise = UnmappedKind.Reject } } });
        Assert.Equal((DefectReason.BadValue, 8), (strict.Parse("""{"type":"x"}""").Defect.Reason, strict.Parse("""{"type":"x"}""").Defect.Position));
    }

    [Fact]
    public void A_field_that_the_mapping_requires_is_missed()
    {
        var strict = SomeMapping.Format(SomeMapping.Json with { Required = ["source_ip"] });
        Assert.Equal("source_ip is missing", strict.Parse("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"},"client":{"ip":""}}""").Defect.Detail);
        Assert.Equal(1, strict.Parse("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"},"client":{"ip":"192.0.2.1"}}""").Result.Added);
    }

    [Theory]
    [InlineData("""{"type":"out","actor":{"id":"1"}}""", DefectReason.MissingField)]
    [InlineData("""{"at":"yesterday","type":"out","actor":{"id":"1"}}""", DefectReason.BadTime)]
    [InlineData("""{"at":"2100-01-01T00:00:00Z","type":"out","actor":{"id":"1"}}""", DefectReason.InFuture)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","actor":{"id":"1"}}""", DefectReason.MissingField)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{}}""", DefectReason.MissingField)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":{"v":1}}}""", DefectReason.WrongType)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":["a"]}}""", DefectReason.WrongType)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"a\u0000"}}""", DefectReason.NulByte)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"\ud800"}}""", DefectReason.InvalidUtf8)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"},"client":{"ip":"10.0.0.1:80"}}""", DefectReason.BadAddress)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"},"client":{"geo":{"lat":91}}}""", DefectReason.BadNumber)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"},"known":"maybe"}""", DefectReason.WrongType)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"}""", DefectReason.InvalidJson)]
    [InlineData("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1"}} x""", DefectReason.InvalidJson)]
    [InlineData("[1]", DefectReason.WrongType)]
    [InlineData("7", DefectReason.WrongType)]
    public void A_faulty_record_is_a_defect_in_words(string record, DefectReason reason)
    {
        var defect = _format.Parse(record).Defect;
        Assert.Equal(reason, defect.Reason);
        Assert.NotEmpty(defect.Detail);
        Assert.InRange(defect.Position, -1, record.Length);
    }

    [Fact]
    public void Text_at_its_limit_is_kept_and_one_byte_more_is_a_defect()
    {
        string Record(int length) => $$$"""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"{{{new string('x', length)}}}"}}""";
        Assert.Equal(256, _format.Parse(Record(256)).Text(x => x.SubjectId).Length);
        Assert.Equal(DefectReason.FieldTooLong, _format.Parse(Record(257)).Defect.Reason);
    }

    [Fact]
    public void Of_members_given_twice_the_last_wins_and_null_is_not_given()
    {
        var parsed = _format.Parse("""{"at":"2026-11-21T20:15:01Z","type":"out","actor":{"id":"1","login":"a","login":null,"id":"2"}}""");
        Assert.Equal(("2", true), (parsed.Text(x => x.SubjectId), parsed.Event.SubjectName.IsEmpty));
    }

    [Theory, InlineData("a\\.b", "a.b"), InlineData("a\\[0\\]", "a[0]")]
    public void A_dot_or_bracket_within_a_name_has_a_backslash_before_it(string path, string name)
    {
        var format = SomeMapping.Format(SomeMapping.Json with { Fields = SomeMapping.Json.Fields with { Subject = new MappedSubject { Id = SomeMapping.Place(path) } } });
        Assert.Equal("7", format.Parse($$"""{"at":"2026-11-21T20:15:01Z","type":"out","{{name}}":"7"}""").Text(x => x.SubjectId));
    }

    private static string AllText(Parsed parsed) => parsed.Batch.String(new Slice(0, parsed.Batch.TextLength));
}
