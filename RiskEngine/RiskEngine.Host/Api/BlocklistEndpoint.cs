using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/blocklist</c>: addresses and ranges under enforced blocks, in the forms that proxies and firewalls read.</summary>
/// <remarks>Sorted, so that the same blocks give the same bytes and the same ETag. What the allow list lifts is left out.</remarks>
internal sealed class BlocklistEndpoint(ServerParts parts)
{
    private static readonly string[] Formats = ["plain", "nginx", "haproxy", "json"];

    private readonly BlocklistEntries _entries = new(parts);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/blocklist", HandleAsync)
        .Needs(KeyScopes.DecisionsRead)
        .WithName("blocklist").WithTags("blocks").WithSummary("Publishes addresses and ranges under enforced blocks.")
        .WithDescription("format is plain (default), nginx, haproxy or json. Understands If-None-Match and Accept-Encoding: gzip.")
        .Produces<string>(StatusCodes.Status200OK, "text/plain").WithMetadata(new AnswerContract(StatusCodes.Status200OK, MediaType.Json, typeof(BlocklistEntry[]))).Produces(StatusCodes.Status304NotModified).Problem(400);

    private async Task<IResult> HandleAsync(HttpContext context, string? format)
    {
        format ??= "plain";
        if (!Formats.Contains(format)) return Problems.BadRequest("format: expected plain, nginx, haproxy or json.");
        var bytes = Write(format, _entries.At(Audit.Now(parts)));
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"";
        var isCompressed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

        var response = context.Response;
        response.Headers.ETag = isCompressed ? $"W/{tag}" : tag;
        response.Headers.Vary = "Accept-Encoding, Authorization";
        response.Headers.CacheControl = "private, no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (isCompressed)
        {
            response.Headers.ContentEncoding = "gzip";
            bytes = await CompressAsync(bytes);
        }

        return TypedResults.Bytes(bytes, format == "json" ? "application/json; charset=utf-8" : "text/plain; charset=utf-8");
    }

    private static byte[] Write(string format, IReadOnlyList<BlocklistEntry> entries)
    {
        if (format == "json") return JsonSerializer.SerializeToUtf8Bytes([.. entries], ApiJson.Default.BlocklistEntryArray);
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            // nginx: a file for "include" in a server or location; HAProxy: a file for "src -f".
            text.Append(CultureInfo.InvariantCulture, $"{(format == "nginx" ? $"deny {entry.Value};" : entry.Value)}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static async Task<byte[]> CompressAsync(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        await using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(bytes);
        return buffer.ToArray();
    }
}
