using System.Net;
using RiskEngine.Core.Facts;

namespace RiskEngine.Outbound;

/// <summary>What a client may ask, and how long it waits.</summary>
public sealed record OutboundTarget
{
    /// <summary>Gets what may be asked at all.</summary>
    public OutboundRules Rules { get; init; } = new();

    /// <summary>Gets whether http beyond this machine is meant. The default is false.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Gets who named the address. The default is the administrator.</summary>
    public UrlOrigin Origin { get; init; }

    /// <summary>Gets what resolves a name, asked once for each connection. The default is the system's resolver.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Gets how long resolving the name and connecting may take, together.</summary>
    /// <value>The default is five seconds.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long one request may take, its body included.</summary>
    /// <value>The default is ten seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the largest answer that is read.</summary>
    /// <value>Bytes; the default is 1 MiB.</value>
    public int BodyLimit { get; init; } = 1024 * 1024;

    /// <summary>Gets how many connections are open to one address at most.</summary>
    /// <value>The default is 8.</value>
    public int Connections { get; init; } = 8;
}
