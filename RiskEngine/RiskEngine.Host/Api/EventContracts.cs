using System.ComponentModel;
using System.Text.Json.Serialization;

namespace RiskEngine.Host.Api;

/// <summary>A login event in the canonical form. For OpenAPI: the collectors' format reads it, which is more lenient than a schema.</summary>
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

    public GeoBody? Geo { get; init; }

    public AsnBody? Asn { get; init; }

    [Description("Judged and nothing more.")]
    public bool? Probe { get; init; }
}

/// <summary>Whose account: an id, or where there is none a name.</summary>
internal sealed record SubjectBody(string? Id, string? Name, IReadOnlyList<string>? Groups, bool? ServiceAccount);

/// <summary>Where from; wins over the look-up.</summary>
internal sealed record GeoBody(string? Country, string? City, double? Latitude, double? Longitude);

/// <summary>Through which network; wins over the look-up.</summary>
internal sealed record AsnBody(long? Number, string? Organization);

/// <summary>What became of the events sent.</summary>
/// <param name="Rejected">Faulty or too old: at most 100 of them.</param>
/// <param name="RejectedCount">All of them; left out where there are none.</param>
internal sealed record SubmissionAnswer(int Accepted, int Duplicates, IReadOnlyList<RejectedEvent> Rejected, int? RejectedCount);

/// <summary>An event that was not taken.</summary>
/// <param name="Index">Its index in the array, from 0.</param>
/// <param name="Line">Its line in NDJSON, from 0.</param>
internal sealed record RejectedEvent(int? Index, int? Line, int? Position, string Reason, string Detail);
