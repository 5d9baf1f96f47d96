using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class AuthentikFormatTests
{
    private static readonly string[] Lines = System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Samples", "authentik.jsonl"));

    private readonly AuthentikFormat _format = new(Some.Context);

    [Theory]
    [InlineData(0, EventKind.Login)]
    [InlineData(1, EventKind.LoginFailed)]
    [InlineData(2, EventKind.MfaFailed)]
    [InlineData(3, EventKind.LoginFailed)]
    [InlineData(4, EventKind.LoginFailed)]
    [InlineData(5, EventKind.Logout)]
    [InlineData(6, EventKind.PasswordChanged)]
    [InlineData(7, EventKind.ImpersonationStarted)]
    [InlineData(8, EventKind.SuspiciousRequest)]
    [InlineData(9, EventKind.AccountCreated)]
    [InlineData(10, EventKind.AccountChanged)]
    [InlineData(11, EventKind.FactorAdded)]
    [InlineData(12, EventKind.Other)]
    [InlineData(13, EventKind.Other)]
    [InlineData(14, EventKind.Other)]
    [InlineData(15, EventKind.Login)]
    [InlineData(17, EventKind.LoginFailed)]
    [InlineData(18, EventKind.LoginFailed)]
    public void Every_action_has_its_kind(int line, EventKind kind) => Assert.Equal(kind, _format.Parse(Lines[line]).Event.Kind);

    [Fact]
    public void A_login_carries_all_that_its_context_tells()
    {
        var parsed = _format.Parse(Lines[0]);
        var e = parsed.Event;
        Assert.Equal("0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11", parsed.Text(x => x.Id));
        Assert.Equal("2026-11-21T20:15:01.123Z", e.OccurredAt.ToString());
        Assert.Equal(["42", "jane", "password"], [parsed.Text(x => x.SubjectId), parsed.Text(x => x.SubjectName), parsed.Text(x => x.AuthMethod)]);
        Assert.Equal(["totpdevice"], parsed.List(x => x.Mfa));
        Assert.True(e.KnownDevice);
        Assert.Equal(("203.0.113.7", "DE", 64500u), (e.SourceIp.ToString(), e.Country.ToString(), e.Asn));
        Assert.Equal(("Berlin", "Example Telecom", 52.5f, 13.4f), (parsed.Text(x => x.City), parsed.Text(x => x.AsnOrganisation), e.Latitude, e.Longitude));
        Assert.Equal("Mozilla/5.0 (X11; Linux x86_64)", parsed.Text(x => x.UserAgent));
        Assert.Equal("5c0f0000000000000000000000000001", parsed.Text(x => x.RequestId));
    }

    [Theory]
    [InlineData("\"auth_method_args\":{\"riskengine\":\"asked\",", "asked")]
    [InlineData("\"auth_method_args\":{\"riskengine\":{\"id\":7},", "5c0f0000000000000000000000000001")]
    [InlineData("\"auth_method_args\":{\"riskengine\":\"\",", "5c0f0000000000000000000000000001")]
    public void A_login_is_joined_with_what_was_asked_about_it_by_the_id_that_was_asked_with(string arguments, string requestId) =>
        Assert.Equal(requestId, _format.Parse(Lines[0].Replace("\"auth_method_args\":{", arguments, StringComparison.Ordinal)).Text(x => x.RequestId));

    [Theory]
    [InlineData("suspicious_request", 0)]
    [InlineData("login", 1)]
    [InlineData("login_failed", 1)]
    public void What_we_wrote_ourselves_is_passed_over_and_the_mark_hides_nothing_else(string action, int events)
    {
        var ours = """{"pk":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","action":"ACTION","app":"riskengine","created":"2026-11-21T20:15:01.123456Z","client_ip":"203.0.113.7","user":{"pk":42,"username":"jane"},"context":{"message":"RiskEngine: block","riskengine":{"event":"e1","score":88.1}}}""".Replace("ACTION", action, StringComparison.Ordinal);
        var page = $$$"""{"pagination":{},"results":[{{{ours}}},{{{Lines[0]}}}]}""";
        foreach (var (text, expected) in new[] { (ours, events), (page, events + 1) })
        {
            var batch = new EventBatch();
            var result = _format.Parse(System.Text.Encoding.UTF8.GetBytes(text), default, batch);
            Assert.True(result.Defect.IsNone);
            Assert.Equal((expected, expected), (batch.Count, result.Added));
        }
    }

    [Fact]
    public void A_failed_second_factor_is_named_by_its_class() => Assert.Equal(["webauthn"], _format.Parse(Lines[2]).List(x => x.Mfa));

    [Theory, InlineData(3, "nosuchname"), InlineData(4, "ghost"), InlineData(18, "nobody@example.org")]
    public void A_name_that_does_not_exist_is_kept_only_as_a_hash(int line, string name)
    {
        var parsed = _format.Parse(Lines[line]);
        Assert.True(parsed.Event.SubjectIsUnknown);
        Assert.True(parsed.Event.SubjectId.IsEmpty);
        var batch = new EventBatch();
        Assert.Equal(batch.String(batch.AppendUnknownName(Some.Hash, System.Text.Encoding.UTF8.GetBytes(name))), parsed.Text(x => x.SubjectName));
    }

    [Fact]
    public void The_address_of_an_event_without_a_request_is_unknown() => Assert.True(_format.Parse(Lines[6]).Event.SourceIp.IsUnknown);

    [Theory, InlineData(5, "Session binding broken"), InlineData(7, "support case"), InlineData(8, "Revoked token was used")]
    public void A_reason_is_kept(int line, string reason) => Assert.Equal(reason, _format.Parse(Lines[line]).Text(x => x.Reason));

    [Fact]
    public void Impersonation_is_told_of_the_one_who_does_it() => Assert.Equal("admin", _format.Parse(Lines[7]).Text(x => x.SubjectName));

    [Fact]
    public void A_new_factor_is_named_by_its_model() => Assert.Equal(["totpdevice"], _format.Parse(Lines[11]).List(x => x.Mfa));

    [Theory, InlineData(12, "model_created"), InlineData(13, "authorize_application"), InlineData(14, "custom_badge_lost")]
    public void An_action_nobody_mapped_is_kept_as_written(int line, string action) => Assert.Equal(action, _format.Parse(Lines[line]).Text(x => x.KindText));

    [Fact]
    public void An_authorisation_names_the_application() => Assert.Equal("Grafana", _format.Parse(Lines[13]).Text(x => x.Application));

    [Fact]
    public void An_id_without_dashes_gets_them() => Assert.Equal("0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c20", _format.Parse(Lines[15]).Text(x => x.Id));

    [Fact]
    public void A_page_gives_each_of_its_events()
    {
        var parsed = _format.Parse(Lines[16]);
        Assert.Equal((2, true), (parsed.Result.Added, parsed.Defect.IsNone));
        Assert.Equal("2001:db8::7", parsed.Batch[1].SourceIp.ToString());
    }

    [Fact]
    public void A_page_with_a_faulty_event_keeps_the_others()
    {
        var parsed = _format.Parse(Lines[16].Replace("2001:db8::7", "2001:db8::7%eth0", StringComparison.Ordinal));
        Assert.Equal((1, DefectReason.BadAddress), (parsed.Result.Added, parsed.Defect.Reason));
        Assert.Equal(1, parsed.Batch.Count);
    }

    [Fact]
    public void An_empty_page_gives_nothing() => Assert.Equal(ParseResult.Nothing, _format.Parse("""{"pagination":{"count":0},"results":[],"autocomplete":{}}""").Result);

    [Fact]
    public void A_log_line_is_dated_by_its_timestamp_and_known_again_wherever_it_stands()
    {
        var parsed = _format.Parse(Lines[17]);
        Assert.Equal("2026-11-21T20:15:02.654Z", parsed.Event.OccurredAt.ToString());
        Assert.Equal(parsed.Text(x => x.Id), _format.Parse(Lines[17], offset: 9000).Text(x => x.Id));
        Assert.NotEqual(parsed.Text(x => x.Id), _format.Parse(Lines[18]).Text(x => x.Id));
    }

    [Fact]
    public void Other_log_lines_give_nothing() => Assert.Equal(ParseResult.Nothing, _format.Parse(Lines[19]).Result);

    [Theory]
    [InlineData("""{"action":"login","user":{"pk":1,"username":"a"},"client_ip":"203.0.113.7"}""", DefectReason.MissingField)]
    [InlineData("""{"user":{"pk":1,"username":"a"},"created":"2026-11-21T20:15:01Z"}""", DefectReason.MissingField)]
    [InlineData("""{"action":"login","user":{},"created":"2026-11-21T20:15:01Z"}""", DefectReason.MissingField)]
    [InlineData("""{"action":"login","user":"jane","created":"2026-11-21T20:15:01Z"}""", DefectReason.WrongType)]
    [InlineData("""{"action":"login","user":{"pk":1},"created":1763755200}""", DefectReason.WrongType)]
    [InlineData("""{"action":"login","user":{"pk":1},"created":"1970-01-01T00:00:00Z"}""", DefectReason.BadTime)]
    [InlineData("""{"action":"login","user":{"pk":1},"created":"2100-01-01T00:00:00Z"}""", DefectReason.InFuture)]
    [InlineData("""{"action":"login","user":{"pk":1},"created":"2026-11-21T20:15:01Z","client_ip":"203.0.113.7:443"}""", DefectReason.BadAddress)]
    [InlineData("""{"action":"login","user":{"pk":1},"created":"2026-11-21T20:15:01Z","client_ip":"203.0.113.7, 10.0.0.1"}""", DefectReason.BadAddress)]
    [InlineData("""{"action":"login","user":{"pk":1},"created":"2026-11-21T20:15:01Z","context":{"geo":{"lat":"x"}}}""", DefectReason.WrongType)]
    [InlineData("[1]", DefectReason.WrongType)]
    [InlineData("{\"action\":", DefectReason.InvalidJson)]
    [InlineData("{\"action\":\"a\0\"}", DefectReason.NulByte)]
    public void A_faulty_event_is_a_defect(string record, DefectReason reason) => Assert.Equal(reason, _format.Parse(record).Defect.Reason);

    [Theory]
    [InlineData("\"user\":{\"pk\":2}", "user")]
    [InlineData("\"client_ip\":\"203.0.113.7\",\"client_ip\":\"203.0.113.8\"", "client_ip")]
    [InlineData("\"context\":{\"username\":\"a\",\"username\":5}", "context.username")]
    [InlineData("\"context\":{\"geo\":{\"country\":\"DE\",\"country\":\"FR\"}}", "context.geo.country")]
    [InlineData("\"context\":{\"http_request\":{\"user_agent\":\"a\",\"user_agent\":\"b\"}}", "context.http_request.user_agent")]
    [InlineData("\"context\":{\"auth_method_args\":{\"known_device\":true,\"known_device\":false}}", "context.auth_method_args.known_device")]
    [InlineData("\"context\":{\"authorized_application\":{\"name\":\"a\"},\"authorized_application\":{}}", "context.authorized_application")]
    [InlineData("\"context\":{\"created\":true,\"created\":false}", "context.created")]
    public void A_member_given_twice_is_refused(string member, string field)
    {
        var defect = _format.Parse($$"""{"action":"login","user":{"pk":1},"created":"2026-11-21T20:15:01Z",{{member}}}""").Defect;
        Assert.Equal((DefectReason.DuplicateKey, $"{field} is given twice"), (defect.Reason, defect.Detail));
        Assert.InRange(defect.Position, 60, 200);
    }

    [Fact]
    public void Members_that_are_not_read_may_hold_anything_twice() => Assert.Equal("1", _format.Parse(
        """{"x":[{}],"x":1,"action":"login","user":{"pk":1,"email":"a","email":"b"},"context":{"y":1,"y":2,"auth_method_args":{"mfa_devices":[{"model_name":"a"},{"model_name":"b"}]}},"created":"2026-11-21T20:15:01Z"}""").Text(x => x.SubjectId));

    [Fact]
    public void What_the_system_tells_of_itself_is_kept_as_other_and_is_of_nobody()
    {
        var parsed = _format.Parse(Update);
        Assert.Equal((EventKind.Other, "update_available", true, true), (parsed.Event.Kind, parsed.Text(x => x.KindText), parsed.Event.SubjectId.IsEmpty, parsed.Event.SubjectName.IsEmpty));
        Assert.False(parsed.Event.SubjectIsUnknown);
    }

    [Theory, InlineData("login"), InlineData("login_failed"), InlineData("logout"), InlineData("password_set"), InlineData("impersonation_started"), InlineData("suspicious_request")]
    public void What_is_about_an_account_and_names_none_is_refused(string action) =>
        Assert.Equal(DefectReason.MissingField, _format.Parse(Update.Replace("update_available", action, StringComparison.Ordinal)).Defect.Reason);

    [Fact]
    public void Every_faulty_element_of_a_page_is_told_with_its_index_and_place_and_costs_itself_alone()
    {
        string[] elements = [Row(1), Row(2).Replace("203.0.113.7", "nowhere", StringComparison.Ordinal), Row(3), "{\"action\":}", "7", "null", Row(4), Row(5, ",\"user\":{}"), Row(6)];
        var page = Page(elements);
        var parsed = _format.Parse(page);
        Assert.Equal((4, 4), (parsed.Result.Added, parsed.Batch.Count));
        Assert.Equal(["1", "3", "4", "6"], parsed.Batch.Events.ToArray().Select(e => parsed.Batch.String(e.SubjectId)));
        var faults = parsed.Result.Elements!;
        Assert.Equal([1, 3, 4, 5, 7], faults.Select(fault => fault.Index));
        Assert.Equal([DefectReason.BadAddress, DefectReason.InvalidJson, DefectReason.WrongType, DefectReason.WrongType, DefectReason.DuplicateKey], faults.Select(fault => fault.Defect.Reason));
        Assert.All(faults, fault => Assert.StartsWith(elements[fault.Index], page[fault.Offset..], StringComparison.Ordinal));
        Assert.Equal(faults[0].Defect, parsed.Defect);
    }

    [Fact]
    public void Of_very_many_faulty_elements_the_first_are_told_and_the_others_counted()
    {
        const int count = 200_000;
        var parsed = _format.Parse(Page([.. Enumerable.Repeat("1", count), Row(1)]));
        Assert.Equal(1, parsed.Result.Added);
        Assert.Equal((1024, count - 1024), (parsed.Result.Elements!.Count, parsed.Result.MoreFaulty));
    }

    [Theory, InlineData("語"), InlineData("𠮷")]
    public void An_account_with_a_long_name_of_wide_characters_is_judged(string character)
    {
        var name = string.Concat(Enumerable.Repeat(character, 150));
        var parsed = _format.Parse(Row(1).Replace("\"pk\":1", $"\"pk\":1,\"username\":\"{name}\"", StringComparison.Ordinal));
        Assert.True(parsed.Defect.IsNone, parsed.Defect.ToString());
        Assert.Equal(name, parsed.Batch.String(parsed.Batch[0].SubjectName));
    }

    [Fact]
    public void Two_lists_of_results_in_one_page_are_refused_as_a_whole()
    {
        var parsed = _format.Parse(Page([Row(1)])[..^1] + ",\"results\":[" + Row(2) + "]}");
        Assert.Equal((0, DefectReason.DuplicateKey, 0), (parsed.Result.Added, parsed.Defect.Reason, parsed.Batch.Count));
    }

    [Fact]
    public void A_page_that_is_cut_off_keeps_what_was_whole()
    {
        var parsed = _format.Parse(Page([Row(1), Row(2), Row(3)])[..^60]);
        Assert.Equal((2, DefectReason.InvalidJson), (parsed.Result.Added, parsed.Defect.Reason));
        Assert.Equal(2, Assert.Single(parsed.Result.Elements!).Index);
    }

    [Fact]
    public void A_page_that_is_broken_behind_its_elements_keeps_them_and_is_told()
    {
        var parsed = _format.Parse(Page([Row(1), Row(2)])[..^1]);
        Assert.Equal((2, DefectReason.InvalidJson), (parsed.Result.Added, parsed.Defect.Reason));
        Assert.Null(parsed.Result.Elements);
    }

    private const string Update = """{"pk":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c31","action":"update_available","user":{},"context":{"new_version":"2026.8.1"},"client_ip":null,"created":"2026-11-21T20:15:01Z"}""";

    private static string Row(int user, string more = "") =>
        $$"""{"action":"login","user":{"pk":{{user}}},"client_ip":"203.0.113.7","created":"2026-11-21T20:15:01Z"{{more}}}""";

    private static string Page(string[] elements) => $$"""{"pagination":{"count":9},"results":[{{string.Join(", ", elements)}}]}""";

    [Fact]
    public void A_thousand_levels_are_too_deep() =>
        Assert.Equal(DefectReason.TooDeep, _format.Parse("{\"context\":" + new string('[', 1000) + new string(']', 1000) + "}").Defect.Reason);
}
