using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>One connection that sends requests as they are and reads only as much of an answer as tells that it is whole: costs next to nothing.</summary>
/// <remarks>Not thread-safe: one request at a time.</remarks>
internal sealed class PlainConnection(IPEndPoint server) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[64 << 10];

    public Task ConnectAsync() => _socket.ConnectAsync(server);

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="InvalidOperationException">The answer is another than 202, tells of rejected events, or has no length.</exception>
    public async ValueTask SendAsync(byte[] request)
    {
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request.AsMemory(sent));
        var read = 0;
        while (!IsWhole(_answer.AsSpan(0, read)))
        {
            var count = await _socket.ReceiveAsync(_answer.AsMemory(read));
            if (count == 0) throw new IOException("The server closed the connection.");
            read += count;
        }

        var answer = _answer.AsSpan(0, read);
        if (!answer.StartsWith("HTTP/1.1 202 "u8) || answer.IndexOf("\"rejected\":[]"u8) < 0)
            throw new InvalidOperationException($"Expected 202 and nothing rejected, found: {Encoding.UTF8.GetString(answer[..Math.Min(read, 1000)])}");
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = answer[..end];
        var body = answer[(end + 4)..];
        if (head.IndexOf("Transfer-Encoding: chunked"u8) >= 0) return body.EndsWith("0\r\n\r\n"u8);
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _)
            ? body.Length >= length
            : throw new InvalidOperationException($"An answer without length: {Encoding.UTF8.GetString(answer)}");
    }
}
