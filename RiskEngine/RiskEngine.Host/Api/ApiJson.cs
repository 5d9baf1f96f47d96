using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.CrowdSec;

namespace RiskEngine.Host.Api;

/// <summary>How the interface's own types are read and written: generated, snake case, unknown members refused so that a typing error is told.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BlockRequest))]
[JsonSerializable(typeof(BlockAnswer))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(BlockPage))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyRotationRequest))]
[JsonSerializable(typeof(KeyAnswer))]
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AddressAnswer))]
[JsonSerializable(typeof(SubjectAnswer))]
[JsonSerializable(typeof(ErasureAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(LoginEventBody))]
[JsonSerializable(typeof(LoginEventBody[]))]
[JsonSerializable(typeof(AuthentikEventBody))]
[JsonSerializable(typeof(AuthentikEventBody[]))]
[JsonSerializable(typeof(SubmissionAnswer))]
[JsonSerializable(typeof(AssessmentAnswer))]
[JsonSerializable(typeof(ExplainedAssessment))]
[JsonSerializable(typeof(AssessmentList))]
[JsonSerializable(typeof(IncidentPage))]
[JsonSerializable(typeof(OutboxPage))]
[JsonSerializable(typeof(AttackList))]
[JsonSerializable(typeof(ChallengeReport))]
[JsonSerializable(typeof(AttackAnswer))]
[JsonSerializable(typeof(IncidentReport))]
[JsonSerializable(typeof(IReadOnlyList<IncidentHead>))]
[JsonSerializable(typeof(BlocklistEntry[]))]
[JsonSerializable(typeof(IReadOnlyList<FaultyElement>))]
[JsonSerializable(typeof(LapiDecision[]))]
[JsonSerializable(typeof(LapiStream))]
[JsonSerializable(typeof(LapiError))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext;
