using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiskEngine.Outbound.Tests;

/// <summary>A server on this machine that answers every connection with the same bytes, or with none, and counts who came.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;

    /// <param name="answer">What each connection is sent once it has asked; null: nothing, and it stays open.</param>
    public RawServer(byte[]? answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public RawServer(string answer) : this(Encoding.ASCII.GetBytes(answer))
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    /// <summary>Gets what the last connection asked with.</summary>
    public string Heard { get; private set; } = "";

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Before the listener stops: one that has stopped refuses to be asked for a connection in another way than one that is cancelled.
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[]? answer)
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                clients.Add(AnswerAsync(client, answer));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task AnswerAsync(TcpClient client, byte[]? answer)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new byte[4096];
                Heard = Encoding.ASCII.GetString(head, 0, await stream.ReadAsync(head, _stop.Token));
                if (answer is null) await Task.Delay(Timeout.Infinite, _stop.Token);
                else await stream.WriteAsync(answer, _stop.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
                return;
            }
        }
    }
}
