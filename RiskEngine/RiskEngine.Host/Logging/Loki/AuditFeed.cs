using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Sends the audit to Loki, read from the store once it is durable there: the audit hangs on Loki in nothing.</summary>
/// <remarks>
/// At least once while the program runs: a record that finds no room is read again. At a start the records of the last half hour are sent again, so that those
/// of just before the last end are not missing; each has the time and the text it had, so Loki keeps it once. What names a subject is a pseudonym, and what
/// was said of one is left out, where logs are pseudonymised.
/// </remarks>
internal sealed partial class AuditFeed(LokiShipper shipper, IRecordStore records, PersonalText personal, ILogger<AuditFeed> logger, TimeProvider clock)
{
    private const int PageSize = 200, MostAgain = 1000;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(30), LastRead = TimeSpan.FromSeconds(2);

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long? _after;
    private bool _isFailing;

    /// <summary>Sends what is new until it is told to stop, and once more then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await TrySendAsync(stop);
            await Task.Delay(shipper.Settings.Period, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        using var patience = new CancellationTokenSource(LastRead, clock);
        await TrySendAsync(patience.Token);
    }

    private async Task TrySendAsync(CancellationToken cancellation)
    {
        try
        {
            await SendAsync(cancellation);
            _isFailing = false;
        }
        catch (Exception failure) when (failure is StateStoreException or OperationCanceledException or ObjectDisposedException)
        {
            if (failure is not StateStoreException || _isFailing) return;
            _isFailing = true;
            LogFailed(logger, failure.Message);
        }
    }

    /// <summary>Sends what is new, as far as there is room.</summary>
    internal async Task SendAsync(CancellationToken cancellation)
    {
        _after ??= await BeginAsync(cancellation);
        while (shipper.Queue.HasRoom(LokiStreams.Audit))
        {
            var page = await records.ReadAuditAsync(_after.Value, PageSize, cancellation);
            foreach (var record in page)
            {
                if (!shipper.Add(Entry(record))) return;
                _after = record.Entry.Id;
            }

            if (page.Count < PageSize) return;
        }
    }

    /// <summary>Behind which record to begin: some of the newest are sent again.</summary>
    private async Task<long> BeginAsync(CancellationToken cancellation)
    {
        var (anchor, head) = await records.ReadAuditEndsAsync(cancellation);
        var after = Math.Max(anchor.Number, head.Number - MostAgain);
        var since = clock.GetUtcNow() - Again;
        var recent = await records.ReadAuditAsync(after, MostAgain, cancellation);
        return recent.LastOrDefault(record => record.Entry.At.ToDateTimeOffset() < since)?.Entry.Id ?? after;
    }

    private LokiEntry Entry(AuditRecord record)
    {
        // A record's number makes its time its own, and the same whenever it is sent.
        var nanoseconds = LokiEntry.NanosecondsOf(record.Entry.At.ToDateTimeOffset()) + (record.Entry.Id % 1_000_000);
        return new LokiEntry(
            LokiStreams.Audit, shipper.Labels.OfAudit(), nanoseconds, Line(record),
            shipper.Settings.StructuredMetadata ? [new("what", record.Entry.What), new("record", record.Entry.Id.ToString(CultureInfo.InvariantCulture))] : []);
    }

    private byte[] Line(AuditRecord record)
    {
        var entry = record.Entry;
        var (who, from) = Audit.Parts(entry.Who);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("time", entry.At.ToString());
        json.WriteNumber("record", entry.Id);
        json.WriteString("who", Scrubber.Clean(who));
        if (from is not null) json.WriteString("from", personal.Address(from));
        json.WriteString("what", entry.What);
        json.WriteString("target", Scrubber.Clean(personal.AuditTarget(record)));
        if (personal.ShowsWordsOf(record)) json.WriteString("detail", Scrubber.Clean(Cut(entry.Detail)));
        json.WriteString("hash", record.Hash);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private string Cut(string text) => text.Length * 6 > shipper.Settings.LineBytes / 2 ? text[..(shipper.Settings.LineBytes / 12)] : text;

    [LoggerMessage(1, LogLevel.Warning, "The audit cannot be read for Loki: {Reason} It is sent once it can; nothing of it is lost.")]
    private static partial void LogFailed(ILogger logger, string reason);
}
