using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;

namespace RiskEngine.Host.Api;

/// <summary>A login event in the canonical form. For OpenAPI: the collectors' format reads it. Members of other names are ignored.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record LoginEventBody
{
    [Description("Names the event, so that a repeat is told. Derived where left out.")]
    public string? Id { get; init; }

    [Description("When it happened; needed save in evaluate.")]
    public DateTimeOffset? OccurredAt { get; init; }

    [Description("login, login_failed, login_attempt, mfa_failed, challenge_passed, challenge_failed, logout, password_changed, factor_added, session_seen, token_used, account_created, account_changed, account_reactivated, impersonation_started or suspicious_request; needed save in evaluate.")]
    public string? Kind { get; init; }

    public string? Tenant { get; init; }

    public required SubjectBody Subject { get; init; }

    public string? SourceIp { get; init; }

    public string? UserAgent { get; init; }

    public string? SessionId { get; init; }

    public string? DeviceId { get; init; }

    public bool? KnownDevice { get; init; }

    public string? RequestId { get; init; }

    public string? Application { get; init; }

    public string? AuthMethod { get; init; }

    public IReadOnlyList<string>? Mfa { get; init; }

    public string? Reason { get; init; }

    [JsonPropertyName("round_trip_ms")]
    public int? RoundTripMilliseconds { get; init; }

    [AlsoTakes(JsonSchemaType.Null)]
    public GeoBody? Geo { get; init; }

    [AlsoTakes(JsonSchemaType.Null)]
    public AsnBody? Asn { get; init; }

    [Description("Judged and nothing more.")]
    public bool? Probe { get; init; }
}

/// <summary>Whose account: an id, or where there is none a name.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record SubjectBody
{
    [AlsoTakes(JsonSchemaType.Integer)]
    public string? Id { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public bool? ServiceAccount { get; init; }
}

/// <summary>Where from; wins over the look-up.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record GeoBody
{
    public string? Country { get; init; }

    public string? City { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }
}

/// <summary>Through which network; wins over the look-up.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record AsnBody
{
    public long? Number { get; init; }

    public string? Organization { get; init; }
}

/// <summary>An event as authentik writes it, or a page of them. For OpenAPI: the collectors' format reads it. Members of other names are ignored.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record AuthentikEventBody
{
    [AlsoTakes(JsonSchemaType.Integer), Description("authentik's id of the event.")]
    public string? Pk { get; init; }

    [Description("What happened, by authentik's name: login, login_failed, logout, password_set and others.")]
    public string? Action { get; init; }

    [Description("When it happened.")]
    public string? Created { get; init; }

    public string? ClientIp { get; init; }

    [Description("Whose account: pk, username, is_anonymous.")]
    public JsonElement? User { get; init; }

    [Description("What else authentik tells: http_request, auth_method, geo, asn and others.")]
    public JsonElement? Context { get; init; }

    [Description("Events of a page, in the place of the members above.")]
    public IReadOnlyList<JsonElement>? Results { get; init; }
}

/// <summary>What became of the events sent.</summary>
/// <param name="Rejected">Faulty or too old: at most 100 of them.</param>
/// <param name="RejectedCount">All of them; left out where there are none.</param>
internal sealed record SubmissionAnswer(int Accepted, int Duplicates, IReadOnlyList<RejectedEvent> Rejected, int? RejectedCount = null);

/// <summary>An event that was not taken.</summary>
/// <param name="Position">Byte within it; null where no place can be named.</param>
/// <param name="Index">Its index in the array, from 0; left out of NDJSON.</param>
/// <param name="Line">Its line in NDJSON, from 0; left out of JSON.</param>
internal sealed record RejectedEvent(int? Position, string Reason, string Detail, int? Index = null, int? Line = null);
