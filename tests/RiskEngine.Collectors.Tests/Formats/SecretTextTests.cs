using System.Text;
using RiskEngine.Collectors.Syslog;
using RiskEngine.Collectors.Tests.Mapped;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

/// <summary>What must not outlive the parser: ids of sessions, names that do not exist, tokens and passwords beside them. Looked for in all that a batch holds.</summary>
public sealed class SecretTextTests
{
    private const string Session = "SESSION-marker-5f1e", Unknown = "UNKNOWN-marker-77ab", Secret = "SECRET-marker-c0de";

    public static TheoryData<string, string> Records => new()
    {
        { "riskengine", """{"id":"a","occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":"42"},"session_id":"SESSION-marker-5f1e","source_ip":"203.0.113.7","token":"SECRET-marker-c0de","password":"SECRET-marker-c0de"}""" },
        { "riskengine", """{"id":"a","occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"UNKNOWN-marker-77ab"},"reason":"unknown_user","session_id":"SESSION-marker-5f1e","source_ip":"203.0.113.7"}""" },
        { "riskengine", """{"session_id":"\u0053ESSION-marker-5f1e","reason":"invalid_user","subject":{"name":"\u0055NKNOWN-marker-77ab"},"id":"a","occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed"}""" },
        { "authentik", """{"pk":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","user":{"pk":null,"username":""},"action":"login_failed","context":{"http_request":{"path":"/flow/?token=SECRET-marker-c0de","args":{"token":"SECRET-marker-c0de"},"user_agent":"x"},"username":"UNKNOWN-marker-77ab","password":"SECRET-marker-c0de"},"client_ip":"203.0.113.7","created":"2026-11-21T20:15:01Z"}""" },
        { "authentik", """{"pk":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","user":{"pk":1,"username":"AnonymousUser","is_anonymous":true},"action":"login_failed","context":{"username":"UNKNOWN-marker-77ab"},"client_ip":"203.0.113.7","created":"2026-11-21T20:15:01Z"}""" },
        { "authentik", """{"event":"invalid_login","identifier":"UNKNOWN-marker-77ab","client_ip":"203.0.113.7","timestamp":"2026-11-21T20:15:01Z","request_id":"r1","token":"SECRET-marker-c0de"}""" },
        { "authentik", """{"pagination":{"next":0},"results":[{"pk":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","user":{},"action":"login_failed","context":{"username":"UNKNOWN-marker-77ab","http_request":{"args":{"token":"SECRET-marker-c0de"}}},"client_ip":"203.0.113.7","created":"2026-11-21T20:15:01Z"}]}""" },
        { "keycloak", """{"id":"6f1f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","time":1795292101123,"type":"LOGIN","userId":"c0a8-42","sessionId":"SESSION-marker-5f1e","ipAddress":"203.0.113.7","details":{"auth_method":"openid-connect","code_id":"SESSION-marker-5f1e","redirect_uri":"https://grafana.example.org/?token=SECRET-marker-c0de","username":"jane"}}""" },
        { "keycloak", """{"time":1795292103000,"type":"LOGIN_ERROR","userId":null,"ipAddress":"203.0.113.9","error":"user_not_found","details":{"username":"UNKNOWN-marker-77ab","refresh_token_id":"SECRET-marker-c0de"}}""" },
        { "sshd", $"2026-11-21T20:15:01.000000+00:00 host sshd[7]: Failed password for invalid user {Unknown} from 203.0.113.7 port 4711 ssh2" },
        { "sshd", $"2026-11-21T20:15:01.000000+00:00 host sshd[7]: Connection closed by invalid user {Unknown} 203.0.113.7 port 4711 [preauth]" },
        { "sshd", $"2026-11-21T20:15:01.000000+00:00 host sshd[7]: Accepted publickey for jane from 203.0.113.7 port 4711 ssh2: RSA SHA256:{Secret}" },
        { "syslog", $"<38>1 2026-11-21T20:15:01Z host sshd 7 - - Failed password for invalid user {Unknown} from 203.0.113.7 port 4711 ssh2" },
        { "mapped", """{"at":"2026-11-21T20:15:01.123Z","type":"in","outcome":{"result":"NO","reason":"NO_ACCOUNT"},"actor":{"login":"UNKNOWN-marker-77ab"},"client":{"ip":"203.0.113.7"},"session":"SESSION-marker-5f1e","query":"token=SECRET-marker-c0de"}""" },
        { "mapped", """{"at":"2026-11-21T20:15:01.123Z","type":"in","outcome":{"result":"OK"},"actor":{"id":42,"login":"jane"},"client":{"ip":"203.0.113.7"},"session":"\u0053ESSION-marker-5f1e"}""" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void Nothing_of_it_is_in_a_batch(string format, string record)
    {
        var parsed = FormatOf(format).Parse(record);
        Assert.False(parsed.Result.IsFaulty, parsed.Defect.ToString());
        AssertFree(parsed.Batch);
        Assert.Equal(1, parsed.Result.Added);
        ref var read = ref parsed.Batch[0];
        if (record.Contains("NKNOWN-marker", StringComparison.Ordinal)) Assert.Equal(Some.Hash.UnknownName(Unknown), parsed.Batch.String(read.SubjectName));
        if (record.Contains("ESSION-marker", StringComparison.Ordinal)) Assert.Equal(Some.Hash.Session(Encoding.UTF8.GetBytes(Session)), read.Session);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Nothing_of_it_is_in_what_is_said_of_a_faulty_record(string format, string record)
    {
        foreach (var cut in new[] { record.Length / 2, record.Length - 3 })
        {
            var parsed = FormatOf(format).Parse(record[..cut]);
            foreach (var marker in new[] { Session, Unknown, Secret }) Assert.DoesNotContain(marker, parsed.Defect.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>The data set knows no sessions and no unknown names; columns that it does not have are not read.</summary>
    [Fact]
    public void Nothing_of_an_additional_column_is_in_a_batch_of_rba()
    {
        var format = Some.Format("rba");
        format.Parse("Login Timestamp,User ID,IP Address,Login Successful,Session ID,Token");
        var parsed = format.Parse($"2020-02-03 12:43:30.772,42,203.0.113.7,True,{Session},{Secret}", 100);
        Assert.Equal("42", parsed.Text(x => x.SubjectId));
        AssertFree(parsed.Batch);
    }

    private static void AssertFree(EventBatch batch)
    {
        var held = Encoding.UTF8.GetString(batch.Text(new Slice(0, batch.TextLength)));
        foreach (var marker in new[] { Session, Unknown, Secret }) Assert.DoesNotContain(marker, held, StringComparison.Ordinal);
    }

    private static IEventFormat FormatOf(string name) => name switch
    {
        "mapped" => SomeMapping.Format(SomeMapping.Json),
        "syslog" => new SyslogFormat(Some.Format("sshd")),
        _ => Some.Format(name),
    };
}
