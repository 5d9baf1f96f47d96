using System.Buffers.Text;

namespace RiskEngine.Core.Facts;

/// <summary>Reads the text of a feed, in whichever of the usual forms it comes.</summary>
/// <remarks>
/// A line is an address or CIDR, perhaps followed by a number of lists (ipsum) or other words; or <c>AS123</c> and words; or, where the first line names
/// its columns, CSV whose address column is found by that name. <c>#</c> and <c>;</c> begin comments. A faulty line is counted and left out, the rest kept.
/// </remarks>
public static class FeedParser
{
    private static readonly string[] AddressColumns = ["ip", "ipaddr", "ip_addr", "ipaddress", "ip_address", "address", "addr", "cidr", "network", "prefix", "subnet", "range", "src_ip", "dst_ip", "indicator"];

    public static FeedContent Parse(ReadOnlySpan<byte> utf8)
    {
        var prefixes = new List<FeedPrefix>();
        var systems = new List<uint>();
        int unreadable = 0, hostBits = 0, notPublic = 0, tooBroad = 0, firstDefect = 0, number = 0, column = -1;
        var isFirst = true;
        var lines = new TextLines(utf8);
        while (lines.MoveNext())
        {
            number++;
            var line = lines.Current;
            if (line.IsEmpty || line[0] is (byte)'#' or (byte)';') continue;
            if (isFirst)
            {
                isFirst = false;
                column = AddressColumn(line);
                if (column >= 0) continue;
            }

            switch (Read(line, column, out var prefix, out var asn))
            {
                case LineKind.Prefix: prefixes.Add(prefix); continue;
                case LineKind.AutonomousSystem: systems.Add(asn); continue;
                case LineKind.HostBits: hostBits++; break;
                case LineKind.NotPublic: notPublic++; break;
                case LineKind.TooBroad: tooBroad++; break;
                default: unreadable++; break;
            }

            if (firstDefect == 0) firstDefect = number;
        }

        return new FeedContent
        {
            Prefixes = prefixes,
            AutonomousSystems = systems,
            Unreadable = unreadable,
            HostBits = hostBits,
            NotPublic = notPublic,
            TooBroad = tooBroad,
            FirstDefectLine = firstDefect,
        };
    }

    /// <summary>The index of the address column, if the line is a header; −1 if it is not.</summary>
    private static int AddressColumn(ReadOnlySpan<byte> line)
    {
        var index = 0;
        for (var fields = new CsvFields(line); fields.MoveNext(); index++)
        {
            foreach (var name in AddressColumns)
            {
                if (System.Text.Ascii.EqualsIgnoreCase(fields.Current, name)) return index;
            }
        }

        return -1;
    }

    private static LineKind Read(ReadOnlySpan<byte> line, int column, out FeedPrefix prefix, out uint asn)
    {
        asn = 0;
        prefix = default;
        var rest = ReadOnlySpan<byte>.Empty;
        if (column >= 0)
        {
            var fields = new CsvFields(line);
            for (var i = 0; i <= column; i++)
            {
                if (!fields.MoveNext()) return LineKind.Unreadable;
            }

            line = fields.Current;
        }
        else
        {
            var end = line.IndexOfAny(" \t,;#"u8);
            if (end >= 0)
            {
                rest = line[end..];
                line = line[..end];
            }

            if (line.Length > 1 && line[0] == '"' && line[^1] == '"') line = line[1..^1];
        }

        if (line.Length > 2 && (line[0] | 0x20) == 'a' && (line[1] | 0x20) == 's')
        {
            return Utf8Parser.TryParse(line[2..], out asn, out var read) && read == line.Length - 2 && asn != 0 ? LineKind.AutonomousSystem : LineKind.Unreadable;
        }

        if (!AddressPrefix.TryParse(line, out var network, out var hostBits)) return LineKind.Unreadable;
        if (hostBits) return LineKind.HostBits;
        if (network.Length < (network.First.IsIPv4 ? 96 + 8 : 16)) return LineKind.TooBroad;
        if (!AddressScopes.Of(network.First).IsEvaluable()) return LineKind.NotPublic;
        prefix = new FeedPrefix(network, Lists(rest));
        return LineKind.Prefix;
    }

    /// <summary>The number after an address; 1 where there is none.</summary>
    private static ushort Lists(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t,"u8);
        if (!Utf8Parser.TryParse(rest, out uint lists, out var read) || lists == 0) return 1;
        var isWhole = read == rest.Length || rest[read] is (byte)' ' or (byte)'\t' or (byte)',' or (byte)'#' or (byte)';';
        return isWhole ? (ushort)Math.Min(lists, ushort.MaxValue) : (ushort)1;
    }

    private enum LineKind
    {
        Unreadable,
        Prefix,
        AutonomousSystem,
        HostBits,
        NotPublic,
        TooBroad,
    }
}
