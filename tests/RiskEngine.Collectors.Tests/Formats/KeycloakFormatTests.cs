using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class KeycloakFormatTests
{
    private readonly KeycloakFormat _format = new(Some.Context);

    [Fact]
    public void A_login_arrives_with_account_address_session_and_application()
    {
        var parsed = _format.Parse(Samples.Keycloak[0]);
        Assert.Equal(("2026-11-21T20:15:01.123Z", EventKind.Login, "203.0.113.7"), (parsed.Event.OccurredAt.ToString(), parsed.Event.Kind, parsed.Event.SourceIp.ToString()));
        Assert.Equal(["6f1f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11", "c0a8-42", "jane", "grafana"], new Func<LoginEvent, Slice>[] { x => x.Id, x => x.SubjectId, x => x.SubjectName, x => x.Application }.Select(parsed.Text));
        Assert.Equal(Some.Hash.Session("5e55-10"u8), parsed.Event.Session);
        Assert.DoesNotContain("5e55-10", parsed.Batch.String(new Slice(0, parsed.Batch.TextLength)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_password_is_a_failed_login() =>
        Assert.Equal((EventKind.LoginFailed, "invalid_user_credentials"), (_format.Parse(Samples.Keycloak[1]).Event.Kind, _format.Parse(Samples.Keycloak[1]).Text(x => x.Reason)));

    [Fact]
    public void A_name_that_does_not_exist_is_hashed()
    {
        var parsed = _format.Parse(Samples.Keycloak[2]);
        Assert.Equal((EventKind.LoginFailed, true), (parsed.Event.Kind, parsed.Event.SubjectIsUnknown));
        Assert.DoesNotContain("hunter2", parsed.Batch.String(new Slice(0, parsed.Batch.TextLength)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_second_factor_is_told_apart_from_a_wrong_password()
    {
        var parsed = _format.Parse(Samples.Keycloak[3]);
        Assert.Equal(EventKind.MfaFailed, parsed.Event.Kind);
        Assert.Equal(["otp"], parsed.List(x => x.Mfa));
    }

    [Theory]
    [InlineData("LOGOUT", EventKind.Logout)]
    [InlineData("REGISTER", EventKind.AccountCreated)]
    [InlineData("UPDATE_PASSWORD", EventKind.PasswordChanged)]
    [InlineData("UPDATE_TOTP", EventKind.FactorAdded)]
    [InlineData("access.UPDATE_TOTP", EventKind.FactorAdded)]
    [InlineData("UPDATE_CREDENTIAL", EventKind.FactorAdded)]
    [InlineData("UPDATE_EMAIL", EventKind.AccountChanged)]
    [InlineData("CLIENT_LOGIN", EventKind.TokenUsed)]
    [InlineData("CODE_TO_TOKEN", EventKind.Other)]
    [InlineData("SOMETHING_NEW", EventKind.Other)]
    public void Types_become_kinds_and_one_that_nobody_mapped_is_kept(string type, EventKind kind)
    {
        var parsed = _format.Parse($$"""{"time":1795292101123,"type":"{{type}}","realmId":"r","userId":"u"}""");
        Assert.Equal(kind, parsed.Event.Kind);
        Assert.Equal(kind == EventKind.Other ? type : "", parsed.Text(x => x.KindText));
        Assert.Equal(kind == EventKind.TokenUsed, parsed.Event.ServiceAccount);
    }

    [Fact]
    public void A_new_password_by_the_newer_type_is_one() =>
        Assert.Equal(EventKind.PasswordChanged, _format.Parse("""{"time":1795292101123,"type":"UPDATE_CREDENTIAL","realmId":"r","userId":"u","details":{"credential_type":"password"}}""").Event.Kind);

    [Theory, InlineData("expired_code"), InlineData("client_not_found"), InlineData("invalid_redirect_uri")]
    public void An_error_that_is_not_about_who_signs_in_is_no_failed_login(string error)
    {
        Assert.Equal(EventKind.Other, _format.Parse($$"""{"time":1795292101123,"type":"LOGIN_ERROR","realmId":"r","userId":"u","error":"{{error}}"}""").Event.Kind);
        Assert.Equal(ParseResult.Nothing, _format.Parse($$"""{"time":1795292101123,"type":"LOGIN_ERROR","realmId":"r","userId":null,"error":"{{error}}"}""").Result);
    }

    [Fact]
    public void Impersonation_is_told_of_who_impersonates() => Assert.Equal(
        "admin", _format.Parse("""{"time":1795292101123,"type":"IMPERSONATE","realmId":"r","userId":"victim","ipAddress":"198.51.100.4","details":{"impersonator":"admin"}}""").Text(x => x.SubjectName));

    [Fact]
    public void An_administrators_address_is_not_given_to_the_account_that_was_changed()
    {
        var parsed = _format.Parse(Samples.Keycloak[5]);
        Assert.Equal((EventKind.PasswordChanged, true, "c0a8-42"), (parsed.Event.Kind, parsed.Event.SourceIp.IsUnknown, parsed.Text(x => x.SubjectId)));
        var own = _format.Parse(Samples.Keycloak[5].Replace("\"ad-1\"", "\"c0a8-42\""));
        Assert.Equal("198.51.100.4", own.Event.SourceIp.ToString());
    }

    [Theory]
    [InlineData("CREATE", "users/u1", EventKind.AccountCreated)]
    [InlineData("UPDATE", "users/u1", EventKind.AccountChanged)]
    [InlineData("DELETE", "users/u1", EventKind.Other)]
    [InlineData("CREATE", "users/u1/role-mappings/realm", EventKind.Other)]
    public void What_an_administrator_does_to_an_account_has_a_kind(string operation, string path, EventKind kind)
    {
        var parsed = _format.Parse($$"""{"time":1795292101123,"realmId":"r","operationType":"{{operation}}","resourceType":"USER","resourcePath":"{{path}}"}""");
        Assert.Equal((kind, "u1"), (parsed.Event.Kind, parsed.Text(x => x.SubjectId)));
    }

    [Theory, InlineData("clients/x"), InlineData("users/"), InlineData("")]
    public void What_an_administrator_does_to_something_else_is_none_of_our_business(string path) =>
        Assert.Equal(ParseResult.Nothing, _format.Parse($$"""{"time":1795292101123,"realmId":"r","operationType":"UPDATE","resourcePath":"{{path}}"}""").Result);

    [Theory]
    [InlineData("""{"type":"LOGIN","realmId":"r","userId":"u"}""", DefectReason.MissingField)]
    [InlineData("""{"time":1795292101123,"realmId":"r","userId":"u"}""", DefectReason.MissingField)]
    [InlineData("""{"time":1795292101123,"type":"LOGIN","realmId":"r"}""", DefectReason.MissingField)]
    [InlineData("""{"time":"now","type":"LOGIN","realmId":"r","userId":"u"}""", DefectReason.WrongType)]
    [InlineData("""{"time":4102444800000,"type":"LOGIN","realmId":"r","userId":"u"}""", DefectReason.InFuture)]
    [InlineData("""{"time":1795292101123,"type":"LOGIN","realmId":"r","userId":"u","ipAddress":"unknown"}""", DefectReason.BadAddress)]
    [InlineData("""{"time":1795292101123,"type":"LOGIN","realmId":"r","userId":"u","details":[]}""", DefectReason.WrongType)]
    [InlineData("""{"time":1795292101123,"type":"LOGIN","realmId":"r","userId":"u" """, DefectReason.InvalidJson)]
    public void A_faulty_event_is_a_defect(string record, DefectReason reason) => Assert.Equal(reason, _format.Parse(record).Defect.Reason);

    [Fact]
    public void Its_events_are_told_apart_by_their_members() => Assert.All(Samples.Keycloak, line => Assert.Equal("keycloak", FormatDetector.Detect(System.Text.Encoding.UTF8.GetBytes(line)).Name));
}
