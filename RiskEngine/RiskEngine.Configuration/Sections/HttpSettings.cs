using System.ComponentModel.DataAnnotations;
using System.Net;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Facts;

namespace RiskEngine.Configuration;

/// <summary>Where and to whom the engine answers, under <c>http</c>.</summary>
public sealed record HttpSettings : IValidatableObject
{
    /// <summary>Gets the address to listen on.</summary>
    /// <value>The default is http://127.0.0.1:8080: this machine only.</value>
    public Uri Url { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>Gets the address under which people reach this program, for links in messages; null for none, and then messages have no link.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Gets the file that the first start writes an administrator's key to, with mode 0600.</summary>
    /// <value>The default is admin.key.</value>
    [FilePath]
    public string AdminKeyFile { get; init; } = "admin.key";

    /// <summary>Gets names under which browsers may ask, beside the host of <see cref="Url"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Gets the largest body that is read.</summary>
    /// <value>1024 to 1073741824 bytes. The default is 16777216, 16 MiB.</value>
    [Range(1024, 1_073_741_824)]
    public int MaxBodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Gets the requests a second that one key may make, evaluations aside.</summary>
    /// <value>0 (no limit) to 1000000. The default is 1000.</value>
    [Range(0, 1_000_000)]
    public int RateLimit { get; init; } = 1000;

    /// <summary>Gets networks of proxies whose word on the caller's address, in <see cref="ForwardedHeader"/>, is taken.</summary>
    public IReadOnlyList<AddressPrefix> TrustedProxies { get; init; } = [];

    /// <summary>Gets the header that they write.</summary>
    /// <value>The default is X-Forwarded-For.</value>
    public ForwardedHeader ForwardedHeader { get; init; } = ForwardedHeader.XForwardedFor;

    /// <summary>Gets networks that administrators come from: no rule ever blocks them.</summary>
    public IReadOnlyList<AddressPrefix> OperatorAddresses { get; init; } = [];

    /// <summary>Gets the certificate with its chain, as PEM; null for none.</summary>
    [FilePath]
    public string? TlsCertificateFile { get; init; }

    /// <summary>Gets the certificate's private key, as PEM; null for none.</summary>
    [FilePath]
    public string? TlsKeyFile { get; init; }

    /// <summary>Gets whether it is meant to listen beyond this machine without TLS. A footgun: warned of at every start.</summary>
    public bool AllowInsecurePublicBinding { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var hasTls = TlsCertificateFile is not null && TlsKeyFile is not null;
        if (TlsCertificateFile is null != TlsKeyFile is null)
        {
            yield return new ValidationResult("tls_certificate_file and tls_key_file go together; set both or none", [nameof(TlsCertificateFile)]);
        }
        else if (Url.Scheme == Uri.UriSchemeHttps && !hasTls)
        {
            yield return new ValidationResult("https needs tls_certificate_file and tls_key_file", [nameof(Url)]);
        }
        else if (Url.Scheme == Uri.UriSchemeHttp && hasTls)
        {
            yield return new ValidationResult("a certificate is given, so the address must start with https", [nameof(Url)]);
        }

        if (Url.AbsolutePath != "/" || Url.Query.Length > 0) yield return new ValidationResult("name scheme, host and port only, such as http://127.0.0.1:8080", [nameof(Url)]);
        if (!IsLoopback(Url) && Url.Scheme == Uri.UriSchemeHttp && !AllowInsecurePublicBinding)
        {
            yield return new ValidationResult("this would send keys in clear beyond this machine; give a certificate, listen on 127.0.0.1, or set http.allow_insecure_public_binding: true", [nameof(Url)]);
        }
    }

    private static bool IsLoopback(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
