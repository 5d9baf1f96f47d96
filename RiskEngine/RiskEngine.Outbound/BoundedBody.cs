using System.Buffers;

namespace RiskEngine.Outbound;

/// <summary>Reads a body up to a limit; what a body claims about its length, and what it unpacks to, is not believed.</summary>
internal static class BoundedBody
{
    /// <returns>The bytes; null where there are more than <paramref name="limit"/>.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit) return null;
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var count = await stream.ReadAsync(body.GetMemory(4096), cancellationToken).ConfigureAwait(false);
            if (count == 0) return body.WrittenMemory;
            body.Advance(count);
            if (body.WrittenCount > limit) return null;
        }
    }
}
