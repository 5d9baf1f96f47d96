using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Kafka.Tests;

/// <summary>TLS in front of a broker that has none: takes connections with a certificate of its own for 127.0.0.1 and passes on what is in them.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Make();
    private readonly IPEndPoint _broker;
    private readonly Task _accepting;

    public TlsFront(string broker)
    {
        _broker = IPEndPoint.Parse(broker);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Gets the certificate, which is its own authority, in PEM.</summary>
    public string Authority => _certificate.ExportCertificatePem();

    /// <summary>Another authority, which signed nothing.</summary>
    public static string Stranger()
    {
        using var other = TestCertificate.Make();
        return other.ExportCertificatePem();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var secured = new SslStream(client.GetStream());
                await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                using var broker = new TcpClient();
                await broker.ConnectAsync(_broker, _stop.Token);
                var plain = broker.GetStream();
                await Task.WhenAny(secured.CopyToAsync(plain, _stop.Token), plain.CopyToAsync(secured, _stop.Token));
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // Refused, or over: the other side sees that by itself.
            }
        }
    }
}
