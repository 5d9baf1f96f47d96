using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Storage;

namespace RiskEngine.Host.Exporting;

/// <summary>Writes what a store holds as lines of OCSF JSON: each event, each assessment whose decision is above allow, then each incident.</summary>
/// <remarks>In two passes over what was stored when it was opened, one line at a time; memory does not grow with the store. Used by one thread.</remarks>
internal sealed class OcsfExport(Stream output, IncidentSettings incidents, IncidentNaming naming, bool showsNames, string version) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private readonly OcsfEvent _events = new(naming, showsNames, version);

    public long Events { get; private set; }

    public long Findings { get; private set; }

    public long Incidents { get; private set; }

    /// <summary>Writes all of it.</summary>
    /// <param name="since">Leaves out what happened before, and incidents that were over before; null for nothing.</param>
    public void Write(IStoredLogins logins, EventTime? since, CancellationToken cancellation)
    {
        logins.ReadAll(since, Write, cancellation);

        // Whole incidents, also where they began before.
        var book = new IncidentBook(incidents with { MaximumClosed = 0 }, incident => Write(incident, isOpen: false, since));
        logins.ReadRisky(since: null, login => book.Add(AssessedEvent.Of(login)), cancellation);
        foreach (var incident in book.Open) Write(incident, book.IsOpen(incident, logins.Newest), since);
    }

    public void Dispose() => _json.Dispose();

    private void Write(StoredLogin login)
    {
        Begin();
        _events.WriteAuthentication(_json, login);
        End();
        Events++;
        if (!login.Judged || login.Action == DecisionAction.Allow) return;
        Begin();
        _events.WriteFinding(_json, login);
        End();
        Findings++;
    }

    private void Write(Incident incident, bool isOpen, EventTime? since)
    {
        if (since is { } first && incident.LastSeen < first) return;
        Begin();
        OcsfIncident.Write(_json, IncidentReporter.Report(incident, isOpen, naming), version);
        End();
        Incidents++;
    }

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
    }

    private void End()
    {
        _json.Flush();
        _buffer.Write("\n"u8);
        output.Write(_buffer.WrittenSpan);
    }
}
