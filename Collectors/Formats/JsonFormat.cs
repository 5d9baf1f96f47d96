using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What formats whose records are JSON objects have in common: the look at the bytes, the way to the first member, and the fault of broken JSON.</summary>
/// <remarks>A record of which no event is made leaves nothing in the batch.</remarks>
public abstract class JsonFormat : IEventFormat
{
    private static readonly JsonField Record = new("the record");

    private protected JsonFormat(FormatContext context) => (Times, Finish) = (new TimeRange(context), new EventFinish(context));

    public abstract string Name { get; }

    private protected TimeRange Times { get; }

    private protected EventFinish Finish { get; }

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        if (!RecordText.IsReadable(record, out var result)) return result;

        var mark = batch.Here;
        var cursor = new JsonCursor(record, batch);
        try
        {
            cursor.Read();
            if (cursor.EnterObject(Record))
            {
                result = Read(ref cursor, record, position, batch);
            }
            else
            {
                cursor.Fail(new Defect(DefectReason.WrongType, 0, Record.NotObject));
                result = cursor.Result(0);
            }
        }
        catch (Exception exception) when (JsonFault.IsExpected(exception))
        {
            result = new ParseResult(0, JsonFault.Describe(exception, cursor));
        }

        if (result.Added == 0) batch.Rewind(mark);
        return result;
    }

    /// <summary>Reads the object that was entered, and past its end, so that what follows it there is told.</summary>
    private protected abstract ParseResult Read(ref JsonCursor cursor, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch);
}
