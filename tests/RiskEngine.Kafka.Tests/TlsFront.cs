using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Kafka.Tests;

/// <summary>TLS in front of a broker that has none: takes connections with a certificate of its own for 127.0.0.1.</summary>
internal sealed class TlsFront(string broker) : Front(broker)
{
    private readonly X509Certificate2 _certificate = TestCertificate.Make();

    /// <summary>Gets the certificate, which is its own authority, in PEM.</summary>
    public string Authority => _certificate.ExportCertificatePem();

    /// <summary>Another authority, which signed nothing.</summary>
    public static string Stranger()
    {
        using var other = TestCertificate.Make();
        return other.ExportCertificatePem();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate.Dispose();
    }

    protected override async Task<Stream> AdmitAsync(Stream client, Stream broker)
    {
        var secured = new SslStream(client);
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, Stop.Token);
        return secured;
    }
}
