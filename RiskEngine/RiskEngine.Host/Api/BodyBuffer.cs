using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RiskEngine.Host.Api;

/// <summary>A whole body in one pooled buffer, decompressed where it came compressed; what it may hold is bounded either way.</summary>
/// <remarks>Made to be reused: small buffers are kept between requests. Not thread-safe: one request owns it at a time.</remarks>
internal sealed class BodyBuffer : IDisposable
{
    private const int Kept = 64 << 10, First = 4 << 10;

    private byte[] _bytes = [];
    private int _length;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <returns>The problem to answer with; null when the body was read.</returns>
    public async ValueTask<ProblemHttpResult?> ReadAsync(HttpContext context, int limit)
    {
        _length = 0;
        var request = context.Request;
        if (request.ContentLength > limit) return Problems.TooLarge(limit);
        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count == 0) return await ReadPlainAsync(request, limit, context.RequestAborted);
        if (encoding.Count != 1 || !string.Equals(encoding[0], "gzip", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "gzip";
            return Problems.UnsupportedMedia("The only content encoding understood is gzip.");
        }

        return await ReadGzipAsync(request, limit, context.RequestAborted);
    }

    /// <summary>Gives a large buffer back; a small one is kept for the next request.</summary>
    public void Trim()
    {
        _length = 0;
        if (_bytes.Length > Kept) Dispose();
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private async ValueTask<ProblemHttpResult?> ReadPlainAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.Length > limit - _length) return Problems.TooLarge(limit);
            MakeRoom((int)buffer.Length);
            buffer.CopyTo(_bytes.AsSpan(_length));
            _length += (int)buffer.Length;
            request.BodyReader.AdvanceTo(buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    private async ValueTask<ProblemHttpResult?> ReadGzipAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        try
        {
            await using var plain = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            while (true)
            {
                MakeRoom(First);
                // One byte beyond the limit is room enough to see that there is more.
                var count = await plain.ReadAsync(_bytes.AsMemory(_length, Math.Min(_bytes.Length - _length, limit + 1 - _length)), cancellationToken);
                if (count == 0) break;
                _length += count;
                if (_length > limit) return Problems.TooLarge(limit);
            }

            return _length == 0 && request.ContentLength != 0 ? Problems.BadRequest("The body is not a whole gzip stream.") : null;
        }
        catch (InvalidDataException)
        {
            return Problems.BadRequest("The body is not a whole gzip stream.");
        }
    }

    private void MakeRoom(int count)
    {
        if (_bytes.Length - _length >= count) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_bytes.Length * 2, _length + count), First));
        Span.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
