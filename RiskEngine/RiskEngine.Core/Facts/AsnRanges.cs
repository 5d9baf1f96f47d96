using System.Buffers.Text;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Autonomous systems by address, from CSV: first address, last address, number, organisation.</summary>
/// <param name="Map">Numbers by address.</param>
/// <param name="Organisations">Names by number, as the file first gives them.</param>
/// <param name="Defects">Lines that were none of this and left out, blank ones and comments (#) aside.</param>
public sealed record AsnRanges(RangeMap Map, IReadOnlyDictionary<uint, string> Organisations, int Defects)
{
    /// <summary>Reads the text of such a file; a header line is one defect.</summary>
    public static AsnRanges Parse(ReadOnlySpan<byte> utf8)
    {
        var builder = new RangeMapBuilder();
        var organisations = new Dictionary<uint, string>();
        var defects = 0;
        var lines = new TextLines(utf8);
        while (lines.MoveNext())
        {
            var line = lines.Current;
            if (line.IsEmpty || line[0] == '#') continue;
            if (!TryParse(line, out var first, out var last, out var asn, out var organisation)) defects++;
            else if (asn == 0) continue;
            else if (!builder.TryAdd(first, last, asn)) defects++;
            else if (!organisation.IsEmpty && !organisations.ContainsKey(asn)) organisations.Add(asn, Encoding.UTF8.GetString(organisation).Replace("\"\"", "\"", StringComparison.Ordinal));
        }

        return new AsnRanges(builder.Build(), organisations, defects);
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out IpAddress first, out IpAddress last, out uint asn, out ReadOnlySpan<byte> organisation)
    {
        last = default;
        asn = 0;
        organisation = default;
        var fields = new CsvFields(line);
        fields.MoveNext();
        if (!TryParseBound(fields.Current, out first) || !fields.MoveNext() || !TryParseBound(fields.Current, out last) || !fields.MoveNext()) return false;
        var number = fields.Current;
        if (number.StartsWith("AS"u8)) number = number[2..];
        if (!Utf8Parser.TryParse(number, out asn, out var read) || read != number.Length) return false;
        if (fields.MoveNext()) organisation = fields.Current;
        return true;
    }

    /// <summary>As a bound of a range every address is itself: ::, 255.255.255.255 and what lies within 64:ff9b::/96.</summary>
    private static bool TryParseBound(ReadOnlySpan<byte> text, out IpAddress address) => IpAddress.TryParseAsWritten(text, out address);
}
