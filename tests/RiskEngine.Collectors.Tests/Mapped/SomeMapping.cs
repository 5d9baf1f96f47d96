using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Mapped;

/// <summary>Mappings as their files would say; Configuration reads the files and has tests of its own.</summary>
internal static class SomeMapping
{
    public static EventMapping Json { get; } = new()
    {
        Container = MappedContainer.Json,
        Fields = new MappedFields
        {
            OccurredAt = new MappedTime { From = ["at"] },
            Kind = new MappedKind
            {
                From = ["type", "outcome.result"],
                Values = new Dictionary<string, EventKind> { ["in OK"] = EventKind.Login, ["in NO"] = EventKind.LoginFailed, ["out"] = EventKind.Logout },
            },
            Subject = new MappedSubject
            {
                Id = Place("actor.id"), Name = Place("actor.login"), Groups = new MappedText { From = ["actor.groups"], Values = new Dictionary<string, string> { ["everybody"] = "" } },
                ServiceAccount = new MappedText { From = ["actor.type"], Values = new Dictionary<string, string> { ["robot"] = "true" }, Otherwise = "false" },
            },
            SourceIp = Place("client.ip"),
            UserAgent = Place("client.agent"),
            SessionId = Place("session"),
            Application = Place("targets[1].name"),
            AuthMethod = new MappedText { Value = "sso" },
            Reason = new MappedText { From = ["outcome.reason"], Values = new Dictionary<string, string> { ["NO_ACCOUNT"] = "unknown_user" } },
            RoundTripMs = Place("rtt"),
            Geo = new MappedGeo { Country = Place("client.geo.country"), Latitude = Place("client.geo.lat"), Longitude = Place("client.geo.lon") },
            Asn = new MappedAsn { Number = Place("client.asn") },
            KnownDevice = Place("known"),
        },
    };

    public static EventMapping Csv { get; } = new()
    {
        Container = MappedContainer.Csv,
        Fields = new MappedFields
        {
            OccurredAt = new MappedTime { From = ["when"], Format = "unix_ms" },
            Kind = new MappedKind { From = ["what"], Values = new Dictionary<string, EventKind> { ["up"] = EventKind.Login, ["fail"] = EventKind.LoginFailed }, Otherwise = UnmappedKind.Ignore },
            Subject = new MappedSubject { Name = Place("who"), Groups = new MappedText { From = ["roles"], Split = "|" } },
            SourceIp = Place("from"),
            UserAgent = Place("client"),
        },
    };

    public static string JsonRecord { get; } = """
        {"at":"2026-11-21T20:15:01.123Z","type":"in","outcome":{"result":"OK","reason":null},"actor":{"id":42,"login":"jane","type":"robot","groups":["finance","everybody","\u0061dmins"]},"client":{"ip":"203.0.113.7","agent":"Mozilla\/5.0 \"x\"","geo":{"country":"de","lat":52.5,"lon":13.4},"asn":"AS64500"},"session":"c0ffee","targets":[{"name":"portal"},{"name":"grafana"}],"rtt":38.9,"known":true,"more":{"at":"2020-01-01T00:00:00Z","list":[1,{"id":7}]}}
        """;

    public const string CsvHeader = "when,what,who,from,roles,client";

    public const string CsvRecord = "1795291200000,up,jane,203.0.113.7,finance|admins,\"Client 1.0 (\"\"beta\"\")\"";

    public static IEventFormat Format(EventMapping mapping) => Some.Format("mapped", Some.Context with { Mapping = mapping });

    public static MappedText Place(params string[] from) => new() { From = from };
}
