using RiskEngine.Outbound;

namespace RiskEngine.Responders;

/// <summary>What an answer over HTTP means for a delivery, unless a responder knows better.</summary>
/// <remarks>What an operator can mend (credentials, address, redirection, guard) is tried again: until it is mended, everything waits.</remarks>
public static class HttpDelivery
{
    public static DeliveryResult Of(OutboundAnswer? answer, OutboundFault? fault)
    {
        if (answer is null) return DeliveryResult.Unavailable(fault?.Code ?? DeliveryReasons.Broken, fault?.Words ?? "no answer");
        if (answer.IsSuccess) return DeliveryResult.Delivered;
        var (status, wait) = ((int)answer.Status, answer.RetryAfter);
        return status switch
        {
            401 => DeliveryResult.Unavailable(DeliveryReasons.Unauthorized, "the credential is refused (401)", wait),
            403 => DeliveryResult.Unavailable(DeliveryReasons.Forbidden, "the credential may not do this (403)", wait),
            404 => DeliveryResult.Unavailable(DeliveryReasons.NotFound, "there is nothing at this address (404)", wait),
            408 or 425 or 429 => DeliveryResult.Unavailable(DeliveryReasons.Throttled, $"it asks to be asked later ({status})", wait),
            409 => DeliveryResult.Retry(DeliveryReasons.Conflict, "it is in conflict with something else (409)", wait),
            >= 500 => DeliveryResult.Unavailable(DeliveryReasons.ServerError, $"it failed ({status})", wait),
            >= 400 => DeliveryResult.Never(DeliveryReasons.Rejected, $"it does not take this ({status})"),
            _ => DeliveryResult.Unavailable(DeliveryReasons.Redirected, $"it answers with status {status}, a redirection, which is not followed: give the address it leads to", wait),
        };
    }
}
