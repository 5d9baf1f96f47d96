using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Serving;

/// <summary>How Kestrel listens, and what it puts up with.</summary>
internal static class KestrelSetup
{
    public static void Apply(KestrelServerOptions kestrel, ListenAddress listen, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = settings.Limits.BodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestLineSize = 4 << 10;
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

        if (listen.Address.Equals(IPAddress.Any)) kestrel.ListenAnyIP(listen.Port, Configure);
        else kestrel.Listen(listen.Address, listen.Port, Configure);

        void Configure(ListenOptions options)
        {
            options.Use(ConnectionEnd.Watch);
            options.Protocols = listen.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            if (listen.IsTls) options.UseHttps(ReadCertificate(settings));
        }
    }

    /// <exception cref="ServerStartException">There is to be a certificate and it cannot be used.</exception>
    public static void CheckCertificate(ServerSettings settings)
    {
        if (settings.CertificateFile is not null) ReadCertificate(settings).Dispose();
    }

    private static X509Certificate2 ReadCertificate(ServerSettings settings)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(settings.CertificateFile!, settings.CertificateKeyFile);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"http.tls_certificate_file: {settings.CertificateFile} cannot be used: {failure.Message}");
        }
    }
}
