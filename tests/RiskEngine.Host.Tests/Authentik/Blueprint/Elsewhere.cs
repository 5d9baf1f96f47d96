using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>Something that listens where RiskEngine should, and answers as a test says, byte by byte.</summary>
internal sealed class Elsewhere : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _answer;
    private readonly Task _accepting;
    private int _connections;

    public Elsewhere(Func<NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>One that sends a text and hangs up.</summary>
    public static Elsewhere That(string answer) => new(async (stream, cancellation) => await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellation));

    /// <summary>One that sends a text at once and then goes on with another, a byte at a time, for as long as somebody listens.</summary>
    public static Elsewhere ThatDrips(string first, string then) => new(async (stream, cancellation) =>
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(first), cancellation);
        for (var at = 0; ; at++)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(then.AsSpan(at % then.Length, 1).ToString()), cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        Interlocked.Increment(ref _connections);
        try
        {
            var stream = client.GetStream();
            var request = new byte[65536];
            if (await stream.ReadAsync(request, _end.Token) > 0) await _answer(stream, _end.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            // What is left of the question, so that hanging up resets nothing.
            while (await stream.ReadAsync(request, _end.Token) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
        }
    }
}
