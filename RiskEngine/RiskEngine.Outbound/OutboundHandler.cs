namespace RiskEngine.Outbound;

/// <summary>The guarded client beneath an <see cref="HttpClient"/>, for a library that asks by one of its own.</summary>
/// <remarks>
/// What the library may ask, how long and how much of an answer is read is the client's matter. The library's own headers are not sent, but for those of the
/// body. Thread-safe. Sending without waiting asynchronously blocks its thread for as long as the client waits: for libraries with a thread of their own.
/// </remarks>
internal sealed class OutboundHandler(OutboundClient client, Func<HttpRequestMessage, OutboundFault?> dress, Action<OutboundAnswer?, OutboundFault?> tell) : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A message is sent once only, and the library's own is under way already.
        using var sent = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
        var (answer, fault) = dress(sent) is { } refused ? (null, refused) : await client.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        tell(answer, fault);
        if (answer is null) throw new HttpRequestException(fault?.Words);
        return new HttpResponseMessage(answer.Status) { RequestMessage = request, Content = new ReadOnlyMemoryContent(answer.Body) };
    }
}
