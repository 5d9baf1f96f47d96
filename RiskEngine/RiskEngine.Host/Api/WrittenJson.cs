using System.Buffers;
using System.Text.Json;

namespace RiskEngine.Host.Api;

/// <summary>An answer written by hand, for what the core writes itself.</summary>
internal sealed class WrittenJson(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        await using (var json = new Utf8JsonWriter(buffer)) write(json);
        await SendAsync(httpContext, status, buffer.WrittenMemory);
    }

    /// <summary>Sends JSON that is complete.</summary>
    public static async ValueTask SendAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        await response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }
}
