using RiskEngine.Core.Events;

namespace RiskEngine.Host.Serving;

/// <summary>authentik's format as the webhook has it while authentik is polled: an event that the poll cannot confirm is refused with its record.</summary>
/// <remarks>What can be confirmed has a <c>pk</c> in authentik's own form. Nothing else may become an event, or the webhook's key would teach what it likes.</remarks>
/// <param name="takesUnknownNames">Whether failures of names that do not exist are events nevertheless: authentik's log alone knows them.</param>
internal sealed class ConfirmableFormat(IEventFormat format, bool takesUnknownNames) : IEventFormat
{
    private const string Refusal = "nothing here could be confirmed by the poll: pk is missing or is none of authentik's. Give the webhook the body mapping of docs/authentik.md (riskengine authentik blueprint); lines of the log come by sources.file";

    public string Name => format.Name;

    public byte? CsvSeparator => format.CsvSeparator;

    public bool CsvQuotes => format.CsvQuotes;

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        var mark = batch.Here;
        var result = format.Parse(record, position, batch);
        for (var i = mark.Count; i < batch.Count; i++)
        {
            ref readonly var e = ref batch[i];
            if (HintLedger.IsConfirmable(batch, e) || (takesUnknownNames && e is { Kind: EventKind.LoginFailed, SubjectIsUnknown: true })) continue;
            batch.Rewind(mark);
            return ParseResult.Faulty(DefectReason.Unconfirmable, -1, Refusal);
        }

        return result;
    }
}
