using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Tests;

public sealed class SettingsTests : IDisposable
{
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_everything_has_its_default()
    {
        var (settings, faults) = Settings.Load(null, NoEnvironment);
        Assert.Empty(faults);
        Assert.Equal(new Uri("http://127.0.0.1:8080"), settings!.Http.Url);
        Assert.Equal((StoreKind.Embedded, 90, null), (settings.Store.Kind, settings.Store.RetentionDays, settings.Policy.Mode));
        Assert.Equal(Path.GetFullPath("riskengine.db"), settings.Store.Path);
        Assert.Empty(settings.Footguns());
    }

    [Fact]
    public void A_fault_elsewhere_hides_neither_an_address_without_tls_nor_what_else_a_source_says()
    {
        var file = _folder.Write("""
            stroe: {}
            sources:
              authentik: { url: "http://authentik.example.org", token_file: t, pol_seconds: 3 }
              syslog:
                - { name: a, format: nope, port: 99999, address: nowhere }
                - { name: a, format: sshd }
                - { format: sshd, address: 203.0.113.1 }
            """);
        var (settings, faults) = Settings.Read(file, NoEnvironment);
        Assert.Equal(
            ["stroe", "sources.authentik.pol_seconds", "sources.syslog[0].port", "sources.syslog[0].address", "sources.syslog[2].name", "sources.syslog[2].address", "sources.syslog[1]", "sources.authentik.url"],
            faults.Select(fault => fault.Key));
        Assert.Equal(["nope", "sshd", "sshd"], settings.Sources.Syslog.Select(source => source.Format));
        Assert.Null(Settings.Load(file, NoEnvironment).Settings);
    }

    [Fact]
    public void An_address_is_not_held_against_rules_that_could_not_be_read()
    {
        var file = _folder.Write("sources: { authentik: { url: 'https://authentik.example.org:12345', token_file: t } }\noutbound: { ports: [x] }\n");
        Assert.StartsWith("outbound.ports", Assert.Single(Settings.Read(file, NoEnvironment).Faults).Key, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_section_of_the_file_is_read_and_paths_start_from_its_folder()
    {
        var settings = Loaded("""
            http: { url: "http://localhost:9090", allowed_hosts: [risk.example.org], max_body_bytes: 2048, trusted_proxies: [192.0.2.0/24], forwarded_header: forwarded, operator_addresses: ["2001:db8::/32"] }
            store:
              path: data/store.db
              retention_days: 30
              caps: { profiles: 1000 }
            policy:
              file: policy.yaml
              mode: enforce
              valve: { minimum_subjects: 3, share: 0.1 }
            pipeline: { submit_timeout: 1m30s }
            geo:
              city: [/srv/city.mmdb, geo/city.mmdb]
              asn: asn.mmdb
            feeds:
              - name: ipsum
                path: feeds/ipsum.txt
                group: reputation
                evidence: 2.5
              - { name: servers, path: dc.txt, group: datacentre }
            sources:
              file:
                - path: auth.log
                  format: sshd
                  follow: false
                  utc_offset: -03:30
                - { path: other/auth.log, name: bastion }
            log: { level: warning, pseudonymise: false }
            privacy: { addresses: hashed }
            """);
        Assert.Equal(ForwardedHeader.Forwarded, settings.Http.ForwardedHeader);
        Assert.Equal(Path.Combine(_folder.Path, "policy.yaml"), settings.Policy.File);
        Assert.Equal(["/srv/city.mmdb", Path.Combine(_folder.Path, "geo", "city.mmdb")], settings.Geo.City);
        Assert.Equal([Path.Combine(_folder.Path, "asn.mmdb")], settings.Geo.Asn);
        Assert.Equal(Path.Combine(_folder.Path, "data", "store.db"), settings.Store.Path);
        Assert.Equal([("ipsum", FeedGroup.Reputation, 2.5), ("servers", FeedGroup.DataCentre, 0)], settings.Feeds.Select(feed => (feed.Name, feed.Group, feed.Worth)));
        Assert.Equal((PolicyMode.Enforce, 3, 0.1), (settings.Policy.Mode, settings.Policy.Valve.MinimumSubjects, settings.Policy.Valve.Share));
        Assert.Equal((1000, 4_000_000), (settings.Store.Caps.Profiles, settings.Store.Caps.Pairs));
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Pipeline.SubmitTimeout);
        Assert.Equal((LogVerbosity.Warning, AddressPrivacy.Hashed), (settings.Log.Level, settings.Privacy.Addresses));
        Assert.Equal(("sshd", false), (settings.Sources.File[0].Format, settings.Sources.File[0].Follow));
        Assert.Equal(new TimeSpan(-3, -30, 0), settings.Sources.File[0].UtcOffset!.Value.Value);
        Assert.Equal(["auth.log", "bastion"], settings.Sources.File.Select(file => file.Label));
        Assert.Contains("log.pseudonymise", Assert.Single(settings.Footguns()));
    }

    [Fact]
    public void A_default_path_starts_from_the_folder_of_the_file_too() => Assert.Equal(Path.Combine(_folder.Path, "riskengine.db"), Loaded("log: { level: debug }").Store.Path);

    [Theory, InlineData(""), InlineData("detection: {}"), InlineData("detection: { factor_after_risky_login: { window: 12h } }"), InlineData("detection: { factor_after_risky_login: {} }")]
    public void A_section_keeps_the_defaults_of_its_place_whatever_else_is_set(string yaml)
    {
        var detection = Loaded(yaml).Detection;
        Assert.Equal((4, 3), (detection.FactorAfterRiskyLogin.Evidence, detection.PasswordAfterRiskyLogin.Evidence));
        Assert.Equal(yaml.Contains("12h", StringComparison.Ordinal) ? 12 : 24, detection.FactorAfterRiskyLogin.Window.TotalHours);
    }

    [Fact]
    public void The_environment_wins_over_the_file_in_any_case_of_letters()
    {
        var settings = Loaded("policy: { mode: monitor }\ngeo: { city: [a.mmdb, b.mmdb] }\nstore: { retention_days: 30 }", new()
        {
            ["RISKENGINE__POLICY__MODE"] = "enforce", ["RiskEngine__Geo__City"] = "x.mmdb, y.mmdb", ["RISKENGINE__GEO__ASN__0"] = "asn.mmdb",
            ["RISKENGINE__FEEDS__0__NAME"] = "tor", ["RISKENGINE__FEEDS__0__PATH"] = "tor.txt", ["RISKENGINE__FEEDS__0__GROUP"] = "tor",
            ["RISKENGINE__HTTP__URL"] = "", ["RISKENGINE_HOME"] = "ignored", ["PATH"] = "ignored",
        });
        Assert.Equal(PolicyMode.Enforce, settings.Policy.Mode);
        Assert.Equal(["x.mmdb", "y.mmdb"], settings.Geo.City.Select(Path.GetFileName));
        Assert.Equal("asn.mmdb", Path.GetFileName(Assert.Single(settings.Geo.Asn)));
        Assert.Equal(FeedGroup.Tor, Assert.Single(settings.Feeds).Group);
        Assert.Equal(30, settings.Store.RetentionDays);
    }

    [Theory]
    [InlineData("policy:\n  mode: enfroce", "riskengine.yaml:2:3: policy.mode: expected monitor or enforce, found \"enfroce\"; did you mean enforce?")]
    [InlineData("polcy:\n  mode: enforce", "riskengine.yaml:1:1: polcy: unknown key; did you mean policy?")]
    [InlineData("store:\n  retention_dayz: 3", "riskengine.yaml:2:3: store.retention_dayz: unknown key; did you mean retention_days?")]
    [InlineData("store:\n  retention_days: many", "riskengine.yaml:2:3: store.retention_days: expected a whole number, found \"many\"")]
    [InlineData("store:\n  retention_days: \"30\"", "riskengine.yaml:2:3: store.retention_days: expected a whole number, found the text \"30\"")]
    [InlineData("store:\n  retention_days: 6", "riskengine.yaml:2:3: store.retention_days: expected 7 to 3650, found 6")]
    [InlineData("store:\n  retention_days: [1]", "riskengine.yaml:2:3: store.retention_days: expected a single value, found a list")]
    [InlineData("store:\n  retention_days:", "riskengine.yaml:2:3: store.retention_days: expected a whole number, found nothing")]
    [InlineData("store: 3", "riskengine.yaml:1:1: store: expected a section with keys, found \"3\"")]
    [InlineData("store: { kind: shared }", "riskengine.yaml:1:1: postgres.connection_string: is missing: store.kind shared needs PostgreSQL, such as \"Host=db;Database=riskengine;Username=riskengine\"")]
    [InlineData("redis: { endpoints: ['a:1'], tls_ca_file: ca.pem }", "riskengine.yaml:1:30: redis.tls_ca_file: checks nothing unless tls: true stands beside it")]
    [InlineData("kafka: { bootstrap_servers: 'a:9092', security_protocol: sasl_ssl, sasl_username: me }", "riskengine.yaml:1:39: kafka.security_protocol: sasl needs sasl_username and sasl_password_file")]
    [InlineData("redis: { endpoints: [redis] }", "riskengine.yaml:1:10: redis.endpoints: expected host:port, such as redis:6379")]
    [InlineData("log: { pseudonymise: yes }", "riskengine.yaml:1:8: log.pseudonymise: expected true or false, found \"yes\"")]
    [InlineData("geo: { city: { a: b } }", "riskengine.yaml:1:8: geo.city: expected a list, found a section with keys")]
    [InlineData("pipeline: { submit_timeout: 5 }", "riskengine.yaml:1:13: pipeline.submit_timeout: \"5\" lacks a unit; expected a duration such as 90s, 4h, 1h30m or 7d")]
    [InlineData("feeds:\n  - name: a\n    path: b", "riskengine.yaml:2:5: feeds[0].group: is missing; it has no default")]
    [InlineData("feeds:\n  - { name: a, path: b, group: torr }", "riskengine.yaml:2:25: feeds[0].group: expected reputation, list, tor, vpn, datacentre, mobile or relay, found \"torr\"; did you mean tor?")]
    [InlineData("feeds:\n  - { name: a, path: b, group: tor }\n  - { name: a, path: c, group: tor }", "riskengine.yaml:3:5: feeds[1]: two feeds are called \"a\", the other on line 2; give one of them another name")]
    [InlineData("sources:\n  file:\n    - path: a/auth.log\n    - path: b/auth.log", "riskengine.yaml:4:7: sources.file[1]: two sources are called \"auth.log\", the other on line 3; give one of them another name")]
    [InlineData("sources:\n  file:\n    - path: a/x\n      name: auth.log\n    - path: b/auth.log", "riskengine.yaml:5:7: sources.file[1]: two sources are called \"auth.log\", the other on line 3; give one of them another name")]
    [InlineData("sources:\n  file:\n    - path: a\n      name: a b", "riskengine.yaml:4:7: sources.file[0].name: expected 1 to 64 letters, digits, dots, dashes and underscores")]
    [InlineData("sources:\n  file:\n    - path: a\n      utc_offset: 2h", "riskengine.yaml:4:7: sources.file[0].utc_offset: expected an offset from UTC such as +02:00, found \"2h\"")]
    [InlineData("sources:\n  file:\n    - path: a\n      format: rba\n      utc_offset: +02:00", "riskengine.yaml:5:7: sources.file[0].utc_offset: is for the format sshd; times of other formats carry their offset, or are UTC")]

    [InlineData("kafka:\n  bootstrap_servers: a:9092", "riskengine.yaml:2:3: kafka.bootstrap_servers: without TLS it can be read and changed on the way; use ssl or sasl_ssl, or set allow_cleartext: true beside it")]
    [InlineData("kafka: { bootstrap_servers: 'a:9092', security_protocol: sasl_ssl }", "riskengine.yaml:1:39: kafka.security_protocol: sasl needs sasl_username and sasl_password_file")]
    [InlineData("kafka: { bootstrap_servers: 'a:9092', security_protocol: ssl, sasl_username: a }", "riskengine.yaml:1:63: kafka.sasl_username: is never shown to anybody unless security_protocol is sasl_ssl or sasl_plaintext")]
    [InlineData("kafka: { bootstrap_servers: 'localhost:9092,' }", "riskengine.yaml:1:10: kafka.bootstrap_servers: expected one or more brokers as host:port, with commas between")]
    [InlineData("kafka: { bootstrap_servers: 'a:9092', security_protocol: ssl, ssl_key_file: k }", "riskengine.yaml:1:63: kafka.ssl_key_file: ssl_certificate_file and ssl_key_file go together; set both or none")]
    [InlineData("loki: { url: 'http://loki.example.org:3100' }", "riskengine.yaml:1:9: loki.url: without TLS it can be read and changed on the way; use https, or set allow_insecure_url: true beside it")]
    [InlineData("loki: { url: 'https://loki.example.org/loki/api/v1/push' }", "riskengine.yaml:1:9: loki.url: leave out /loki/api/v1/push; it is added")]
    [InlineData("loki: { tenant: acme }", "riskengine.yaml:1:1: loki.url: is missing: the address of Loki, such as http://127.0.0.1:3100")]
    [InlineData("loki: { url: 'http://127.0.0.1:3100', tenant: 'a|b' }", "riskengine.yaml:1:39: loki.tenant: expected 1 to 150 letters, digits and of !-_.*'() as Loki has them")]
    [InlineData("loki: { url: 'http://127.0.0.1:3100', username: a }", "riskengine.yaml:1:1: loki.password_file: username and password_file go together; set both or none")]
    [InlineData("loki: { url: 'http://127.0.0.1:3100', labels: { level: x } }", "riskengine.yaml:1:39: loki.labels: level is a label that this program sets itself")]
    [InlineData("loki: { url: 'http://127.0.0.1:3100', labels: { a-b: x } }", "riskengine.yaml:1:39: loki.labels: 'a-b' is no name of a label: letters, digits and underscores, no digit first, no two underscores first")]
    [InlineData("loki: { url: 'http://127.0.0.1:3100', properties_as_labels: [subject] }", "riskengine.yaml:1:62: loki.properties_as_labels[0]: expected source, risk_level or decision, found \"subject\"")]
    [InlineData("loki: { url: 'http://127.0.0.1:3100', batch_posting_limit: 0 }", "riskengine.yaml:1:39: loki.batch_posting_limit: expected 1 to 10000, found 0")]
    [InlineData("sources:\n  syslog:\n    - { name: a, format: sshd, address: 0.0.0.0 }", "riskengine.yaml:3:32: sources.syslog[0].address: syslog shows no key, so anybody who reaches this address can send events; listen at 127.0.0.1, or set allow_public_binding: true where a firewall lets only your appliances through")]
    [InlineData("sources:\n  syslog:\n    - { name: a, format: auto }", "riskengine.yaml:3:18: sources.syslog[0].format: name the format: messages come one by one, and it cannot be told from the first")]
    [InlineData("sources:\n  syslog:\n    - { name: a, format: sshd }\n    - { name: a, format: sshd, port: 5515 }", "riskengine.yaml:4:7: sources.syslog[1]: two sources are called \"a\", the other on line 3; give one of them another name")]
    [InlineData("responders:\n  authentik: { enabled: true }\nauthentik: { url: 'https://a.example' }", "riskengine.yaml:3:1: authentik.token_file: is missing: responders.authentik needs a file with the key of an API token")]
    [InlineData("responders:\n  authentik: { enabled: true, membership: false }", "riskengine.yaml:2:16: responders.authentik.enabled: is on and every act is off, so nothing would ever be done; switch one on")]
    [InlineData("responders:\n  authentik: { minimum_action: notify }", "riskengine.yaml:2:16: responders.authentik.minimum_action: expected challenge or block: what is allowed puts nobody at risk")]
    [InlineData("authentik: { url: 'http://a.example' }", "riskengine.yaml:1:14: authentik.url: without TLS it can be read and changed on the way; use https, or set allow_insecure_url: true beside it")]
    [InlineData("otlp: { endpoint: 'http://a.example:4318' }", "riskengine.yaml:1:9: otlp.endpoint: without TLS it can be read and changed on the way; use https, or set allow_insecure_url: true beside it")]
    [InlineData("otlp: { endpoint: 'https://a.example:4318/v1?x=1' }", "riskengine.yaml:1:9: otlp.endpoint: name scheme, host, port and path only")]
    [InlineData("otlp: { endpoint: 'https://a.example:4317' }", "riskengine.yaml:1:9: otlp.endpoint: port 4317 is not among outbound.ports; add it there if it is meant")]
    [InlineData("otlp: { endpoint: 'https://a.example', sampling: 1.5 }", "riskengine.yaml:1:40: otlp.sampling: expected 0 to 1, found 1.5")]
    [InlineData("otlp: { endpoint: 'https://a.example', interval: 10ms }", "riskengine.yaml:1:40: otlp.interval: expected 1s to 1h, found 10ms")]
    [InlineData("otlp: { headers_file: h }", "riskengine.yaml:1:1: otlp.endpoint: is missing: the address of the receiver, such as http://127.0.0.1:4318")]
    [InlineData("webhooks:\n  - { name: a, url: 'http://a.example', secret_file: s }", "riskengine.yaml:2:16: webhooks[0].url: without TLS it can be read and changed on the way; use https, or set allow_insecure_url: true beside it")]
    [InlineData("webhooks:\n  - { name: A, url: 'https://a.example', secret_file: s }", "riskengine.yaml:2:7: webhooks[0].name: expected 1 to 48 lower-case letters, digits and dashes")]
    [InlineData("webhooks:\n  - { name: a, url: 'https://a.example', secret_file: s, minimum_action: allow }", "riskengine.yaml:2:58: webhooks[0].minimum_action: expected notify, challenge or block: most logins are allowed, and each would be told")]
    [InlineData("webhooks:\n  - { name: a, url: 'https://a.example', secret_file: s, window: 2d }", "riskengine.yaml:2:58: webhooks[0].window: expected 0s to 1d, found 2d")]
    [InlineData("webhooks:\n  - { name: a, url: 'https://a.example' }", "riskengine.yaml:2:5: webhooks[0].secret_file: is missing; it has no default")]
    [InlineData("sources:\n  authentik: { url: a }", "riskengine.yaml:2:16: sources.authentik.url: expected an address such as http://127.0.0.1:8080, found \"a\"")]
    [InlineData("sources:\n  authentik: { url: 'https://a.example' }", "riskengine.yaml:2:3: sources.authentik.token_file: give the key of an API token, in a file or by environment, and only one of them")]
    [InlineData("sources:\n  authentik: { token_file: t }", "riskengine.yaml:2:3: sources.authentik.url: is missing: the address of authentik, such as https://authentik.example.org")]
    [InlineData("sources:\n  authentik: { url: 'http://a.example', token_file: t }", "riskengine.yaml:2:16: sources.authentik.url: without TLS it can be read and changed on the way; use https, or set allow_insecure_url: true beside it")]
    [InlineData("sources:\n  authentik: { url: 'https://a.example:5432', token_file: t }", "riskengine.yaml:2:16: sources.authentik.url: port 5432 is not among outbound.ports; add it there if it is meant")]
    [InlineData("sources:\n  authentik: { url: 'https://169.254.169.254', token_file: t }", "riskengine.yaml:2:16: sources.authentik.url: 169.254.169.254 is 169.254.169.254, which is never asked (link-local)")]
    [InlineData("outbound:\n  ports: [443, 70000]", "riskengine.yaml:2:3: outbound.ports: 70000 is no port; they go from 1 to 65535")]
    [InlineData("outbound:\n  private_hosts: ['https://a.internal']", "riskengine.yaml:2:3: outbound.private_hosts: 'https://a.internal' is no name of a host; write it without scheme, port and path")]
    [InlineData("sources:\n  authentik: { url: 'https://a.example', token: hunter2 }", "riskengine.yaml:2:42: sources.authentik.token: a secret does not belong into this file; name a file for it in token_file, or give it by environment as RISKENGINE__SOURCES__AUTHENTIK__TOKEN")]
    [InlineData("http:\n  url: 127.0.0.1:8080", "riskengine.yaml:2:3: http.url: expected an address such as http://127.0.0.1:8080, found \"127.0.0.1:8080\"")]
    [InlineData("http:\n  trusted_proxies: [10.1.2.3/8]", "riskengine.yaml:2:21: http.trusted_proxies[0]: \"10.1.2.3/8\" has bits set beyond its prefix; the network is 10.0.0.0/8")]
    [InlineData("log:\n  level: debug\n  level: error", "riskengine.yaml:3:3: level: given twice, first on line 2; remove one")]
    [InlineData("- a", "riskengine.yaml:1:1: expected sections with keys, found a list")]
    [InlineData("log: {}\n---\nlog: {}", "riskengine.yaml:2:1: a second document starts here; put everything into one")]
    [InlineData("a: &x b", "riskengine.yaml:1:1: anchors (&name) are not supported; write the value out where it is used")]
    [InlineData("a: !!str b", "riskengine.yaml:1:1: tags (!name) are not supported; remove it")]
    [InlineData("log:\n\tlevel: debug", "riskengine.yaml:2:1: a tab indents this line; YAML is indented by spaces")]
    public void Each_fault_says_where_what_and_what_instead(string yaml, string expected) => Assert.Equal(expected, Assert.Single(Faults(yaml)).ToString());

    [Theory, InlineData("http://0.0.0.0:8080", false), InlineData("http://192.0.2.1:8080", false), InlineData("http://[::1]:8080", true), InlineData("http://127.0.0.2:8080", true)]
    public void Keys_do_not_travel_in_clear_beyond_the_machine_unless_somebody_says_so(string url, bool loopback)
    {
        var (_, faults) = Settings.Load(_folder.Write($"http: {{ url: \"{url}\" }}"), NoEnvironment);
        Assert.Equal(loopback ? 0 : 1, faults.Count);
        Assert.Single(Loaded($"http: {{ url: \"{url}\", allow_insecure_public_binding: true }}").Footguns());
    }

    [Fact]
    public void A_certificate_needs_its_key_and_https()
    {
        Assert.Contains("go together", Assert.Single(Faults("http: { url: \"https://0.0.0.0\", tls_key_file: a }")).Message);
        Assert.Contains("https needs", Assert.Single(Faults("http: { url: \"https://0.0.0.0\" }")).Message);
        Assert.Contains("must start with https", Assert.Single(Faults("http: { tls_certificate_file: a, tls_key_file: b }")).Message);
        Assert.Equal(Path.Combine(_folder.Path, "b"), Loaded("http: { url: \"https://0.0.0.0\", tls_certificate_file: a, tls_key_file: b }").Http.TlsKeyFile);
    }

    [Fact]
    public void All_faults_of_file_and_environment_are_told_at_once() => Assert.Equal(
        ["riskengine.yaml:1:8: log.level", "RISKENGINE__STORE__RETENTION_DAYS: store.retention_days", "RISKENGINE__GEOO__CITY: geoo", "riskengine.yaml:2:9: loki.url"],
        Faults("log: { level: loud }\nloki: { url: a }\nstore: { kind: embedded }", new() { ["RISKENGINE__STORE__RETENTION_DAYS"] = "x", ["RISKENGINE__GEOO__CITY"] = "a" })
            .Select(fault => fault.ToString().Replace(": " + fault.Message, "")).OrderBy(text => text.Contains("loki")).ThenBy(text => text.Contains("GEOO")).ThenBy(text => text.Contains("STORE")));

    [Fact]
    public void A_list_in_the_environment_has_no_gaps_and_nothing_is_set_twice()
    {
        Assert.Contains("number 1 is missing", Assert.Single(Faults("", new() { ["RISKENGINE__GEO__CITY__0"] = "a", ["RISKENGINE__GEO__CITY__2"] = "b" })).Message);
        Assert.Contains("set twice", Assert.Single(Faults("", new() { ["RISKENGINE__LOG__LEVEL"] = "debug", ["riskengine__log__level"] = "error" })).Message);
        Assert.Contains("by parts", Faults("", new() { ["RISKENGINE__GEO__CITY"] = "a", ["RISKENGINE__GEO__CITY__0"] = "b" })[0].Message);
    }

    [Theory, InlineData(""), InlineData("# nothing\n"), InlineData("---\n"), InlineData("\uFEFFlog:\n"), InlineData("log: ~\nfeeds:\n")]
    public void A_file_with_nothing_in_it_means_defaults(string yaml) => Assert.Equal(LogVerbosity.Information, Loaded(yaml).Log.Level);

    [Fact]
    public void What_cannot_be_a_configuration_file_is_refused()
    {
        Assert.Contains("directory", Assert.Single(Settings.Load(_folder.Path, NoEnvironment).Faults).Message);
        Assert.Contains("no such file", Assert.Single(Settings.Load(Path.Combine(_folder.Path, "absent.yaml"), NoEnvironment).Faults).Message);
        Assert.Contains("larger than 1 MiB", Assert.Single(Faults(new string('#', 2 * 1024 * 1024))).Message);
        var invalid = Assert.Single(Settings.Load(_folder.Write([.. "log:\n  le"u8, 0xFF, .. "vel: debug"u8]), NoEnvironment).Faults);
        Assert.Contains("not valid UTF-8", invalid.Message);
        Assert.Equal(2, invalid.Line);
    }

    [Theory, InlineData("{a: [}"), InlineData("a: b: c"), InlineData("a: \"open"), InlineData("%YAML 9.9\n---\na: b"), InlineData("\0\0\0"), InlineData("a: 'x' y")]
    public void What_is_not_YAML_is_told_with_its_place(string yaml)
    {
        var fault = Faults(yaml)[0];
        Assert.True(fault.Line >= 1 && fault.Column >= 1, fault.ToString());
    }

    [Fact]
    public void Neither_billions_of_laughs_nor_deep_nesting_get_through()
    {
        Assert.Contains("anchors", Assert.Single(Faults("a: &a [lol, lol]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]")).Message);
        Assert.Contains("aliases", Assert.Single(Faults("a: *b")).Message);
        Assert.Contains("64 levels", Assert.Single(Faults(new string('[', 100_000))).Message);
        Assert.Contains("64 levels", Assert.Single(Faults(string.Concat(Enumerable.Range(0, 200).Select(depth => new string(' ', depth) + "a:\n")))).Message);
    }

    [Theory]
    [InlineData("", "is missing: webhooks soc has report_link")]
    [InlineData("http: { public_url: 'http://risk.example.org' }\n", "expected https")]
    public void A_webhook_hands_out_no_links_without_an_address_that_nobody_can_listen_in_to(string http, string fault) =>
        Assert.Contains(fault, Assert.Single(Faults(http + "webhooks: [{ name: soc, url: 'https://soc.example.org', secret_file: s, report_link: true }]")).Message);

    [Theory, InlineData("https://risk.example.org/base"), InlineData("http://127.0.0.1:8080")]
    public void A_webhook_hands_out_links_for_seven_days_where_people_reach_the_program(string url)
    {
        var webhook = Assert.Single(Loaded($"http: {{ public_url: '{url}' }}\nwebhooks: [{{ name: soc, url: 'https://soc.example.org', secret_file: s, report_link: true }}]").Webhooks);
        Assert.Equal((true, TimeSpan.FromDays(7)), (webhook.ReportLink, webhook.ReportLinkFor));
    }

    private RiskEngineSettings Loaded(string yaml, Dictionary<string, string>? environment = null)
    {
        var (settings, faults) = Settings.Load(_folder.Write(yaml), environment ?? NoEnvironment);
        Assert.Empty(faults);
        return settings!;
    }

    private IReadOnlyList<ConfigurationFault> Faults(string yaml, Dictionary<string, string>? environment = null)
    {
        var (settings, faults) = Settings.Load(_folder.Write(yaml), environment ?? NoEnvironment);
        Assert.Null(settings);
        return faults;
    }
}
