using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace RiskEngine.Storage.Redis;

/// <summary>Checks a server's certificate against one authority that an operator named, in the place of those of the system. Thread-safe.</summary>
internal static class RedisAuthority
{
    /// <param name="file">The authority, in PEM. Read here, once.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds no certificate.</exception>
    public static RemoteCertificateValidationCallback CheckAgainst(string file)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(file);
        return (_, certificate, sent, errors) => certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsSigned(certificate, sent, authority);
    }

    private static bool IsSigned(X509Certificate certificate, X509Chain? sent, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Who stands between the two came along with it.
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(presented);
    }
}
