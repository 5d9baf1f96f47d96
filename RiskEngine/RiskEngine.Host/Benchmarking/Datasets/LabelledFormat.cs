using RiskEngine.Core.Events;

namespace RiskEngine.Host.Benchmarking.Datasets;

/// <summary>Sets the labels of records aside before the format it wraps parses them.</summary>
internal sealed class LabelledFormat(IEventFormat format) : IEventFormat
{
    private readonly List<string?> _labels = [];
    private readonly List<long> _records = [];
    private long _record;

    public string Name => format.Name;

    public byte? CsvSeparator => format.CsvSeparator;

    public bool CsvQuotes => format.CsvQuotes;

    /// <summary>The label of an event of the batch parsed last; null where it has none.</summary>
    public string? LabelOf(EventBatch batch, int index) => _labels[index] ?? (batch[index].IsAttack ? RecordLabel.Unnamed : null);

    /// <summary>The number of the record that the event came from, from 1.</summary>
    public long RecordOf(int index) => _records[index];

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        if (batch.Count == 0)
        {
            _labels.Clear();
            _records.Clear();
        }

        _record++;
        var result = format.Parse(record, position, batch);
        var label = result.Added > 0 ? RecordLabel.Read(record) : null;
        for (var i = 0; i < result.Added; i++)
        {
            _labels.Add(label);
            _records.Add(_record);
        }

        return result;
    }
}
