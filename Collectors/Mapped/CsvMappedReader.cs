using System.Text;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>Finds the columns of a mapping in lines of comma-separated values, by the names in the first line or those that the mapping lists.</summary>
/// <remarks>Names are compared to the letter, without blanks around them. A header may come again, where files are joined or a followed one was replaced.</remarks>
internal sealed class CsvMappedReader : MappedReader
{
    private const int ColumnLimit = 512;

    private readonly byte[][] _names;
    private readonly int[] _places;
    private readonly CsvRow _row;
    private readonly string _unknown;
    private readonly bool _hasHeader;
    private int _count;

    /// <param name="names">The column of each slot.</param>
    /// <param name="columns">All columns in their order; empty where the first line names them.</param>
    /// <param name="quotes">Whether a quote opens a field.</param>
    public CsvMappedReader(IReadOnlyList<string> names, IReadOnlyList<string> columns, byte separator, bool quotes = true)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _places = [.. names.Select(name => columns.ToList().IndexOf(name))];
        _row = new CsvRow(separator, ColumnLimit, quotes);
        _hasHeader = columns.Count == 0;
        _count = columns.Count;
        _unknown = $"the first line must name the columns {string.Join(", ", names)}";
    }

    public override bool TryRead(ReadOnlySpan<byte> record, MappedSlots slots, out Defect fault)
    {
        fault = default;
        var broken = _row.Split(record);
        if (broken >= 0) fault = new Defect(DefectReason.BadValue, broken, "a quoted field that does not end, or too many fields");
        else if (_hasHeader && _count == 0) fault = ReadHeader(record) ? default : new Defect(DefectReason.UnknownColumns, 0, _unknown);
        else if (_hasHeader && IsHeader(record)) ReadHeader(record);
        else if (_hasHeader ? _row.Count != _count : _row.Count < _count) fault = new Defect(DefectReason.UnknownColumns, record.Length, "not as many fields as there are columns");
        else return Take(record, slots);
        return false;
    }

    private bool Take(ReadOnlySpan<byte> record, MappedSlots slots)
    {
        for (var slot = 0; slot < _places.Length; slot++)
        {
            var column = _places[slot];
            var at = _row.Start(column);
            var text = Field(record, column);
            var blanks = _row.Raw(record, column).Length - _row.Raw(record, column).TrimStart((byte)' ').Length;
            if (_row.HasQuotes(column)) slots.PutCopied(slot, at, CsvRow.Unquote(text, slots.Reserve(text.Length)));
            else slots.Put(slot, at, at + blanks, text.Length);
        }

        return true;
    }

    private bool IsHeader(ReadOnlySpan<byte> record)
    {
        if (_row.Count != _count) return false;
        for (var slot = 0; slot < _places.Length; slot++)
        {
            if (!Field(record, _places[slot]).SequenceEqual(_names[slot])) return false;
        }

        return true;
    }

    private bool ReadHeader(ReadOnlySpan<byte> record)
    {
        for (var slot = 0; slot < _places.Length; slot++)
        {
            _places[slot] = -1;
            for (var column = _row.Count - 1; column >= 0; column--)
            {
                if (Field(record, column).SequenceEqual(_names[slot])) _places[slot] = column;
            }

            if (_places[slot] < 0) return false;
        }

        _count = _row.Count;
        return true;
    }

    private ReadOnlySpan<byte> Field(ReadOnlySpan<byte> record, int column) => _row.Raw(record, column).Trim((byte)' ');
}
