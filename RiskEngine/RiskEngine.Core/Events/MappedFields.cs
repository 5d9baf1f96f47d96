using System.Globalization;

namespace RiskEngine.Core.Events;

/// <summary>Where each field of the canonical event comes from; what is not given is absent from every event.</summary>
public sealed record MappedFields
{
    public required MappedTime OccurredAt { get; init; }

    public required MappedKind Kind { get; init; }

    public required MappedSubject Subject { get; init; }

    public MappedText Id { get; init; } = new();

    public MappedText Tenant { get; init; } = new();

    public MappedText SourceIp { get; init; } = new();

    public MappedText UserAgent { get; init; } = new();

    public MappedText SessionId { get; init; } = new();

    public MappedText DeviceId { get; init; } = new();

    public MappedText KnownDevice { get; init; } = new();

    public MappedText RequestId { get; init; } = new();

    public MappedText Application { get; init; } = new();

    public MappedText AuthMethod { get; init; } = new();

    public MappedText Mfa { get; init; } = new();

    public MappedText Reason { get; init; } = new();

    public MappedText RoundTripMs { get; init; } = new();

    public MappedGeo Geo { get; init; } = new();

    public MappedAsn Asn { get; init; } = new();

    public MappedText Probe { get; init; } = new();

    /// <summary>Gets every field but time and kind, by its name in the canonical event.</summary>
    public IEnumerable<(string Name, MappedText Field)> Texts =>
    [
        ("id", Id), ("tenant", Tenant), ("subject.id", Subject.Id), ("subject.name", Subject.Name), ("subject.groups", Subject.Groups),
        ("subject.service_account", Subject.ServiceAccount), ("source_ip", SourceIp), ("user_agent", UserAgent), ("session_id", SessionId),
        ("device_id", DeviceId), ("known_device", KnownDevice), ("request_id", RequestId), ("application", Application), ("auth_method", AuthMethod),
        ("mfa", Mfa), ("reason", Reason), ("round_trip_ms", RoundTripMs), ("geo.country", Geo.Country), ("geo.city", Geo.City),
        ("geo.latitude", Geo.Latitude), ("geo.longitude", Geo.Longitude), ("asn.number", Asn.Number), ("asn.organization", Asn.Organization), ("probe", Probe),
    ];

    /// <summary>Says why a field cannot have that text, for what a mapping itself gives; null where it can.</summary>
    internal static string? Refusal(string field, string text) => field switch
    {
        "subject.service_account" or "known_device" or "probe" => text is "true" or "false" ? null : "expected true or false",
        "source_ip" => IpAddress.TryParse(text, out _) ? null : "expected an IP address",
        "round_trip_ms" => Within(text, 0, int.MaxValue, "expected milliseconds"),
        "asn.number" => Within(text, 0, uint.MaxValue, "expected the number of an autonomous system"),
        "geo.latitude" => Within(text, -90, 90, "expected degrees from −90 to 90"),
        "geo.longitude" => Within(text, -180, 180, "expected degrees from −180 to 180"),
        _ => null,
    };

    private static string? Within(string text, double least, double most, string expected) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? null : expected;
}

/// <summary>The account, under <c>fields.subject</c>.</summary>
public sealed record MappedSubject
{
    public MappedText Id { get; init; } = new();

    public MappedText Name { get; init; } = new();

    public MappedText Groups { get; init; } = new();

    public MappedText ServiceAccount { get; init; } = new();
}

/// <summary>The place, under <c>fields.geo</c>.</summary>
public sealed record MappedGeo
{
    public MappedText Country { get; init; } = new();

    public MappedText City { get; init; } = new();

    public MappedText Latitude { get; init; } = new();

    public MappedText Longitude { get; init; } = new();
}

/// <summary>The network, under <c>fields.asn</c>.</summary>
public sealed record MappedAsn
{
    public MappedText Number { get; init; } = new();

    public MappedText Organization { get; init; } = new();
}
