using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RiskEngine.Storage.Redis;

/// <summary>Checks a server's certificate against the authorities that an operator named, in the place of those of the system. Thread-safe.</summary>
public static class RedisAuthority
{
    /// <summary>Reads all certificates of a file, such as the old authority and the next one.</summary>
    /// <param name="file">In PEM, or one certificate in DER.</param>
    /// <exception cref="CryptographicException">It holds no certificate, or one that cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        if (authorities.Count == 0) authorities.Add(X509CertificateLoader.LoadCertificateFromFile(file));
        return authorities;
    }

    /// <param name="file">As <see cref="Read"/> takes it. Read here, once.</param>
    internal static RemoteCertificateValidationCallback CheckAgainst(string file)
    {
        var authorities = Read(file);
        return (_, certificate, sent, errors) => certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsSigned(certificate, sent, authorities);
    }

    private static bool IsSigned(X509Certificate certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Who stands between the two came along with it.
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(presented);
    }
}
