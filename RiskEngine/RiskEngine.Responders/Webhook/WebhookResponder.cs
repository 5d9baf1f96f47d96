using System.Net.Http.Headers;
using RiskEngine.Core.State;
using RiskEngine.Outbound;

namespace RiskEngine.Responders.Webhook;

/// <summary>Posts what is owed to one address, signed. At least once: the receiver tells a repetition by <c>Idempotency-Key</c>.</summary>
public sealed class WebhookResponder(WebhookSettings settings, OutboundClient client, TimeProvider clock) : IResponder
{
    /// <summary>The shortest secret that is taken: as long as the hash it makes is strong.</summary>
    public const int ShortestSecret = 32;

    public string Name => settings.Name;

    public async Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        if (settings.ReadSecret() is not { Length: >= ShortestSecret } secret)
            return DeliveryResult.Unavailable(DeliveryReasons.NoSecret, $"the secret cannot be read, or has less than {ShortestSecret} characters: see to secret_file");
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new ReadOnlyMemoryContent(item.Payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", item.IdempotencyKey);
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(secret, clock.GetUtcNow(), item.Payload.Span));
        var (answer, fault) = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return HttpDelivery.Of(answer, fault);
    }
}
