using System.Globalization;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Api;
using RiskEngine.Host.Telemetry;
using RiskEngine.Storage;

namespace RiskEngine.Host.Cli;

/// <summary>Where the commands for incidents have them from: the running program, or a store.</summary>
internal interface IIncidentSource : IDisposable
{
    Task<IReadOnlyList<IncidentHead>> ListAsync(bool openOnly, TimeSpan? since, CancellationToken cancellation);

    /// <exception cref="CommandFailure">There is none with that id.</exception>
    Task<IncidentReport> TellAsync(string id, CancellationToken cancellation);
}

/// <summary>Asks the running program.</summary>
internal sealed class ServedIncidents(ApiClient client, bool names) : IIncidentSource
{
    private readonly string _names = names ? "&names=true" : "";

    public async Task<IReadOnlyList<IncidentHead>> ListAsync(bool openOnly, TimeSpan? since, CancellationToken cancellation)
    {
        var from = since is { } span ? $"&since={Uri.EscapeDataString((TimeProvider.System.GetUtcNow() - span).ToString("O", CultureInfo.InvariantCulture))}" : "";
        List<IncidentHead> found = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var path = $"/api/v1/incidents?limit=200{(openOnly ? "&state=open" : "")}{from}{_names}{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}";
            var answer = await client.SendAsync(HttpMethod.Get, path, null, cancellation);
            var page = answer!.Value.Deserialize(ApiJson.Default.IncidentPage)!;
            found.AddRange(page.Items);
            cursor = page.Next;
        }

        return found;
    }

    public async Task<IncidentReport> TellAsync(string id, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/incidents/{Uri.EscapeDataString(id)}?format=json{_names}", null, cancellation);
        return answer!.Value.Deserialize(ApiJson.Default.IncidentReport)!;
    }

    public void Dispose() => client.Dispose();
}

/// <summary>Reads a store, all that is kept of it, also while servers use it. Whether an incident is open is as its newest event sees it.</summary>
internal sealed class StoredIncidents : IIncidentSource
{
    private readonly IncidentNaming _naming;

    private StoredIncidents(IncidentBook book, IncidentNaming naming) => (Book, _naming) = (book, naming);

    public IncidentBook Book { get; }

    public static StoredIncidents Read(IStoredLogins logins, RiskEngineSettings settings, bool names, CancellationToken cancellation)
    {
        var book = new IncidentBook(settings.Incidents with { MaximumClosed = int.MaxValue });
        logins.ReadRisky(since: null, login => book.Add(AssessedEvent.Of(login)), cancellation);
        return new StoredIncidents(book, new PersonalText(TelemetrySettings.Personal(settings), logins.Hash()).Naming(names));
    }

    public Task<IReadOnlyList<IncidentHead>> ListAsync(bool openOnly, TimeSpan? since, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<IncidentHead>>(
    [
        .. Book.InOrder().Where(incident => since is not { } span || incident.LastSeen >= Book.Newest - span)
            .Select(incident => IncidentReporter.Head(incident, Book.IsOpen(incident, Book.Newest), _naming)).Where(head => !openOnly || head.State == "open"),
    ]);

    public Task<IncidentReport> TellAsync(string id, CancellationToken cancellation) => Book.Find(id) is { } incident
        ? Task.FromResult(IncidentReporter.Report(incident, Book.IsOpen(incident, Book.Newest), _naming))
        : throw new CommandFailure(ExitCode.Failed, $"{id}: there is no incident with that id.");

    public void Dispose()
    {
    }
}
