using RiskEngine.Host.Api;

namespace RiskEngine.Host.CrowdSec;

/// <summary>A refusal as CrowdSec's LAPI words it.</summary>
/// <param name="Message">What was wrong; never what was sent.</param>
internal sealed record LapiError(string Message)
{
    /// <summary>What a missing or wrong key is answered with, and 403.</summary>
    public const string Forbidden = "access forbidden";

    public static IResult Of(int status, string message) => TypedResults.Json(new LapiError(message), ApiJson.Default.LapiError, statusCode: status);
}
