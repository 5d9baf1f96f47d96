using RiskEngine.Collectors.Tests.Mapped;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests;

/// <summary>Records that every format understands, invented for the tests.</summary>
internal static class Samples
{
    public const string Canonical = """
        {"id":"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11","occurred_at":"2026-11-21T20:15:01.123Z","kind":"login","tenant":"default","subject":{"id":"42","name":"jane","groups":["finance"],"service_account":false},"source_ip":"203.0.113.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0","session_id":"c0ffee","device_id":"d-17","known_device":true,"request_id":"5c0f","application":"grafana","auth_method":"password","mfa":["totp"],"reason":null,"round_trip_ms":38,"geo":{"country":"DE","city":"Berlin","latitude":52.5,"longitude":13.4},"asn":{"number":64500,"organization":"Example Telecom"},"probe":false}
        """;

    public const string RbaHeader = "index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address,Country,Region,City,ASN,User Agent String,Browser Name and Version,OS Name and Version,Device Type,Login Successful,Is Attack IP,Is Account Takeover";

    public static readonly string[] Authentik = System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Samples", "authentik.jsonl"));

    public static readonly string[] Keycloak = System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Samples", "keycloak.jsonl"));

    public static readonly string[] Rba =
    [
        "7,2020-02-03 12:43:55.873,-3284137479262433373,512,192.0.2.58,NO,Vestland,Urangsvag,29695,\"Mozilla/5.0 (\"\"x\"\", y)\",B,O,mobile,True,False,True",
        "8,43:30.8,-4324475583306591935,,2001:db8::5,NO,-,-,29695,UA,B,O,mobile,FALSE,FALSE,FALSE",
    ];

    public static readonly string[] Sshd =
    [
        "Nov 20 10:00:00 host sshd[1]: Failed password for invalid user admin from 203.0.113.9 port 4242 ssh2",
        "<38>Nov 20 10:00:00 host sshd-session[1]: Accepted publickey for jane from 203.0.113.9 port 1 ssh2: RSA-CERT SHA256:a ID jane@desk (serial 0) CA RSA SHA256:b",
        "2026-06-14T15:16:01.123456+02:00 host sshd[2]: Connection closed by invalid user x 203.0.113.9 port 4242 [preauth]",
        "Nov 20 10:00:00 host sshd(pam_unix)[5]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=203.0.113.9  user=root",
        "Nov 20 10:00:00 host sshd[1]: message repeated 3 times: [ Failed password for root from 203.0.113.9 port 4242 ssh2]",
        "Nov 20 10:00:00 host sshd[8]: error: maximum authentication attempts exceeded for root from 203.0.113.9 port 4242 ssh2 [preauth]",
    ];

    /// <summary>A format that has seen its header, if it needs one.</summary>
    public static IEventFormat Format(string name)
    {
        var format = name switch
        {
            "mapped json" => SomeMapping.Format(SomeMapping.Json),
            "mapped csv" => SomeMapping.Format(SomeMapping.Csv),
            _ => Some.Format(name),
        };
        if (name == "rba") format.Parse(RbaHeader);
        if (name == "mapped csv") format.Parse(SomeMapping.CsvHeader);
        return format;
    }

    public static string[] Of(string format) => format switch
    {
        "riskengine" => [Canonical, """{"occurred_at":"2026-11-21T20:15:01+01:00","kind":"login_failed","subject":{"name":"\u0061b"},"reason":"unknown_user"}"""],
        "authentik" => Authentik,
        "keycloak" => Keycloak,
        "rba" => Rba,
        "mapped json" => [SomeMapping.JsonRecord, """{"at":"2026-11-21T20:15:01Z","type":"in","outcome":{"result":"NO","reason":"NO_ACCOUNT"},"actor":{"login":"x\u0061"}}"""],
        "mapped csv" => [SomeMapping.CsvRecord, "1795291200000,fail,jo,2001:db8::1,,"],
        _ => Sshd,
    };
}
