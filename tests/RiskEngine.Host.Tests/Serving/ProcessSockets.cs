using System.Globalization;
using System.Net;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>One end of something that a process talks, or could talk, to.</summary>
/// <param name="Table">The kernel's table that it stands in, such as <c>tcp6</c>.</param>
internal sealed record OpenSocket(string Table, IPEndPoint Local, IPEndPoint Remote, bool IsListening);

/// <summary>Reads from /proc which internet sockets a process has open now.</summary>
/// <remarks>A socket that is neither bound nor connected stands in no table, and reaches nobody.</remarks>
internal static class ProcessSockets
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6", "icmp", "icmp6"];

    public static IReadOnlyList<OpenSocket> Of(int process)
    {
        var own = new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos().Select(descriptor => descriptor.LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1]).ToHashSet();
        return [.. Tables.SelectMany(table => Read(process, table, own))];
    }

    private static IEnumerable<OpenSocket> Read(int process, string table, HashSet<string> own)
    {
        var path = $"/proc/{process}/net/{table}";
        if (!File.Exists(path)) yield break;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (own.Contains(fields[9])) yield return new OpenSocket(table, EndPoint(fields[1]), EndPoint(fields[2]), table.StartsWith("tcp", StringComparison.Ordinal) && fields[3] == Listening);
        }
    }

    /// <summary>Reads an address as the kernel writes it: words of four bytes, each in the machine's order, which is the lower byte first.</summary>
    private static IPEndPoint EndPoint(string text)
    {
        var parts = text.Split(':');
        var bytes = Convert.FromHexString(parts[0]);
        for (var word = 0; word < bytes.Length; word += 4) bytes.AsSpan(word, 4).Reverse();
        var address = new IPAddress(bytes);
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
