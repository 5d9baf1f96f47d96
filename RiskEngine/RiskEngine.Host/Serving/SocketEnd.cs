using System.Buffers.Binary;
using System.Net.Sockets;

namespace RiskEngine.Host.Serving;

/// <summary>What the state of a TCP connection tells of how it ended.</summary>
/// <remarks>
/// A reset is reported once. Where sending learns of it, receiving sees what looks like an ordinary end; the state still tells them apart (RFC 9293, section
/// 3.3.2): CLOSED behind a reset, CLOSE-WAIT behind the peer's FIN until we close as well. And a peer that closes before everything has arrived sends its FIN
/// first, and a reset only when the rest comes: its FIN acknowledges all that it had by then. Linux tells both (tcp(7), TCP_INFO).
/// </remarks>
internal static class SocketEnd
{
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const byte Closed = 7, CloseWait = 8;

    /// <summary>Where the bytes that were acknowledged stand (tcpi_bytes_acked), since Linux 4.1.</summary>
    private const int Acknowledged = 120;

    /// <summary>How much of what was sent the peer's system had when the peer closed: acknowledged bytes.</summary>
    /// <returns>−1 where the connection was torn down, by either side; <see cref="long.MaxValue"/> where the peer has not closed or the system does not say, as elsewhere than on Linux.</returns>
    public static long Reached(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return long.MaxValue;
        try
        {
            Span<byte> info = stackalloc byte[Acknowledged + sizeof(long)];
            var length = socket.GetRawSocketOption(Tcp, TcpInfo, info);
            return (length, info[0]) switch
            {
                ( > 0, Closed) => -1,
                (Acknowledged + sizeof(long), CloseWait) => BinaryPrimitives.ReadInt64LittleEndian(info[Acknowledged..]),
                _ => long.MaxValue,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
        catch (SocketException)
        {
            return long.MaxValue;
        }
    }
}
