using System.Net;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Security;

/// <summary>Where the server listens, read from <c>http.url</c>, and whether it may.</summary>
/// <param name="Address">The interface.</param>
/// <param name="Name">The name or address as it stands in the setting: what requests may carry as <c>Host</c>.</param>
internal sealed record ListenAddress(IPAddress Address, int Port, bool IsTls, string Name)
{
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <exception cref="ServerStartException">The setting cannot be used, or would put keys on the network in clear without somebody having said so.</exception>
    public static ListenAddress Of(ServerSettings settings)
    {
        // Uri knows no wildcard names.
        var text = settings.Url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new ServerStartException("http.url: expected http://ADDRESS:PORT or https://ADDRESS:PORT.");
        }

        if (url.PathAndQuery != "/" || url.UserInfo.Length > 0) throw new ServerStartException("http.url: expected no path, query or user in it.");
        var isTls = url.Scheme == "https";
        var listen = new ListenAddress(Resolve(url), url.Port, isTls, url.Host);
        if (isTls && settings.CertificateFile is null) throw new ServerStartException("http.url: https needs http.tls_certificate_file.");
        if (!isTls && !listen.IsLoopback && !settings.AllowCleartext)
        {
            throw new ServerStartException(
                $"http.url: {url.Host} is reachable from other machines and http would show keys to the network. "
                + "Use https with http.tls_certificate_file, a loopback address, or, behind a proxy that speaks TLS, http.allow_insecure_public_binding.");
        }

        return listen;
    }

    private static IPAddress Resolve(Uri url)
    {
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)) return address;
        if (url.Host == "localhost") return IPAddress.Loopback;
        throw new ServerStartException("http.url: expected an IP address, localhost or * as the host; names that callers use go to http.allowed_hosts.");
    }
}
