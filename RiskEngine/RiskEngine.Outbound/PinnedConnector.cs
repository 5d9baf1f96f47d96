using System.Net;
using System.Net.Sockets;
using RiskEngine.Core.Events;

namespace RiskEngine.Outbound;

/// <summary>Connects to addresses that were checked, and to those only: what a name resolves to is asked once, checked, and then used as a number.</summary>
/// <remarks>Where one of the addresses of a name is refused, the name is: whoever answers for it must not choose which of them is taken.</remarks>
internal sealed class PinnedConnector(OutboundTarget target)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        foreach (var address in addresses)
        {
            if (target.Rules.FaultOf(host, IpAddress.FromBytes(address.GetAddressBytes()), target.Origin) is { } fault) throw new OutboundRefusedException(fault);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        var addresses = await target.Resolve(host, cancellationToken).ConfigureAwait(false);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }
}
