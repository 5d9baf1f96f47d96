using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RiskEngine.Testing.Servers;

/// <summary>A certificate for 127.0.0.1 that is its own authority, for two days, as files in PEM.</summary>
public static class TestCertificate
{
    /// <summary>Makes one that nobody trusts who is not told to.</summary>
    /// <param name="name">Whose it says it is.</param>
    public static X509Certificate2 Make(string name = "test server")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Writes one into a folder, with its key, which a server accepts from its own account alone.</summary>
    /// <param name="owner">That account; null for the one of this process.</param>
    /// <returns>The files of certificate and key.</returns>
    public static async Task<(string Certificate, string Key)> WriteAsync(DirectoryInfo folder, string name, string? owner = null)
    {
        using var made = Make($"test {name}");
        var (certificate, key) = (Path.Combine(folder.FullName, $"{name}.pem"), Path.Combine(folder.FullName, $"{name}.key"));
        await File.WriteAllTextAsync(certificate, made.ExportCertificatePem());
        await File.WriteAllTextAsync(key, made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await TestServer.RunAsync("chmod", "600", key);
        await TestServer.RunAsync("chmod", "755", folder.FullName);
        if (owner is not null && Environment.IsPrivilegedProcess) await TestServer.RunAsync("chown", owner, key);
        return (certificate, key);
    }
}
