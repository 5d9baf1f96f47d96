namespace RiskEngine.Outbound;

/// <summary>Why there is no answer. A closed set: these are labels of metrics.</summary>
public enum OutboundFailure : byte
{
    /// <summary>The guard did not let the request out; asking again changes nothing.</summary>
    Refused,

    /// <summary>The name does not resolve, or nobody listens.</summary>
    Unreachable,

    /// <summary>The certificate is not one that is trusted for that name, or TLS fails otherwise.</summary>
    Tls,

    /// <summary>No answer within the time.</summary>
    TimedOut,

    /// <summary>The connection broke off before the end of the answer, or what came is no HTTP.</summary>
    Broken,

    /// <summary>The answer is larger than is read.</summary>
    TooLarge,
}

/// <param name="Failure">Why there is no answer.</param>
/// <param name="Words">The same for the operator, without the request's secrets.</param>
public readonly record struct OutboundFault(OutboundFailure Failure, string Words)
{
    /// <summary>Gets whether asking again later may help.</summary>
    public bool MayPass => Failure is not (OutboundFailure.Refused or OutboundFailure.TooLarge);

    /// <summary>Gets the name in metrics and messages: <c>timed_out</c>.</summary>
    public string Code => Failure switch
    {
        OutboundFailure.Refused => "refused",
        OutboundFailure.Unreachable => "unreachable",
        OutboundFailure.Tls => "tls",
        OutboundFailure.TimedOut => "timed_out",
        OutboundFailure.Broken => "broken",
        _ => "too_large",
    };

    /// <summary>What an exception of a request means; null where it is none of a request.</summary>
    internal static OutboundFault? Of(Exception exception, TimeSpan timeout) => exception switch
    {
        OutboundRefusedException refused => new(OutboundFailure.Refused, refused.Message),
        HttpRequestException { InnerException: OutboundRefusedException refused } => new(OutboundFailure.Refused, refused.Message),
        OperationCanceledException or HttpRequestException { InnerException: OperationCanceledException } => new(OutboundFailure.TimedOut, $"no answer within {timeout.TotalSeconds:0.#} seconds"),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(OutboundFailure.Unreachable, "its name does not resolve"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(OutboundFailure.Unreachable, "nobody listens there, or the connection was refused"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(OutboundFailure.Tls, "its certificate is not trusted for that name, or TLS failed"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(OutboundFailure.TooLarge, "its answer has more headers than are read"),
        HttpRequestException or IOException or InvalidDataException => new(OutboundFailure.Broken, "the connection broke off before the end of the answer"),
        _ => null,
    };
}

/// <summary>The guard did not let a request out.</summary>
/// <param name="message">Why, and what to do about it.</param>
public sealed class OutboundRefusedException(string message) : IOException(message);
