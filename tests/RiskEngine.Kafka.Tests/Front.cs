using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace RiskEngine.Kafka.Tests;

/// <summary>Stands before a broker on a port of its own, admits clients in its way, and passes on what they and the broker say after that.</summary>
internal abstract class Front : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _broker;
    private readonly Task _accepting;

    /// <param name="broker">As "address:port": the broker, or another front before it.</param>
    protected Front(string broker)
    {
        _broker = IPEndPoint.Parse(broker);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the port that the broker has to advertise, or clients would go around the front.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"127.0.0.1:{Port}";

    protected CancellationTokenSource Stop { get; } = new();

    public virtual async ValueTask DisposeAsync()
    {
        await Stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Stop.Dispose();
    }

    /// <summary>Lets a client in, and gives back what to talk to it by from then on.</summary>
    /// <exception cref="AuthenticationException">It is refused; the connection ends.</exception>
    protected abstract Task<Stream> AdmitAsync(Stream client, Stream broker);

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(Stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var broker = new TcpClient();
                await broker.ConnectAsync(_broker, Stop.Token);
                var behind = broker.GetStream();
                await using var admitted = await AdmitAsync(client.GetStream(), behind);
                await Task.WhenAny(admitted.CopyToAsync(behind, Stop.Token), behind.CopyToAsync(admitted, Stop.Token));
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
            {
                // Refused, or over: the other side sees that by itself.
            }
        }
    }
}
