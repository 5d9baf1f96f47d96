using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>A line that Loki took.</summary>
internal sealed record TakenLine(IReadOnlyDictionary<string, string> Labels, long Nanoseconds, string Line, IReadOnlyDictionary<string, string> Metadata)
{
    public string Stream => Labels["stream"];

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Line);
}

/// <summary>What answers as Loki's push interface does, over real HTTP, with the limits and the words that its documentation has.</summary>
/// <remarks>As Loki does, it keeps the valid entries of a request that it refuses, and an entry that comes twice once.</remarks>
internal sealed class LokiStandIn : IAsyncDisposable
{
    private const int MostLabels = 15, LongestName = 1024, LongestValue = 2048, LongestLine = 256 << 10, MostMetadata = 128, MetadataBytes = 64 << 10;

    private static readonly TimeSpan OldestAge = TimeSpan.FromDays(7), Window = TimeSpan.FromHours(1);

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<TakenLine> _taken = [];
    private readonly Dictionary<string, long> _newest = [];
    private int _requests;
    private DateTimeOffset _filled;
    private double _room;

    private LokiStandIn()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Url => new(_app.Urls.First());

    /// <summary>Gets or sets what answers in its place; null for nobody.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>Gets or sets the tenant that is known; null where there are none.</summary>
    public string? Tenant { get; set; }

    /// <summary>Gets or sets what the header has to say; null for nothing.</summary>
    public string? Authorization { get; set; }

    /// <summary>Gets or sets whether structured metadata is taken.</summary>
    public bool TakesMetadata { get; set; } = true;

    /// <summary>Gets or sets how many bytes of lines are taken in a second, and at once; 0 for no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Gets or sets what no line may hold, as if it broke one of the limits.</summary>
    public string? Forbidden { get; set; }

    public Func<DateTimeOffset> Now { get; set; } = () => TimeProvider.System.GetUtcNow();

    public int Requests => Volatile.Read(ref _requests);

    public List<int> Sizes { get; } = [];

    public IReadOnlyList<TakenLine> Taken
    {
        get
        {
            lock (_gate) return [.. _taken];
        }
    }

    public static async Task<LokiStandIn> StartAsync()
    {
        var made = new LokiStandIn();
        await made._app.StartAsync();
        return made;
    }

    public IEnumerable<TakenLine> Of(string stream) => Taken.Where(line => line.Stream == stream);

    /// <summary>Waits until something holds of what was taken.</summary>
    public async Task SeeAsync(Func<IReadOnlyList<TakenLine>, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds(Taken)) await Task.Delay(20, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        var (status, words) = await JudgeAsync(context.Request);
        context.Response.StatusCode = status;
        if (words.Length > 0) await context.Response.WriteAsync(words + "\n");
    }

    private async Task<(int Status, string Words)> JudgeAsync(HttpRequest request)
    {
        if (request.Method != "POST" || request.Path != "/loki/api/v1/push") return (404, "404 page not found");
        if (Authorization is not null && request.Headers.Authorization != Authorization) return (401, "401 Authorization Required");
        if (Tenant is not null && request.Headers["X-Scope-OrgID"] is var tenant && tenant != Tenant) return tenant.Count == 0 ? (401, "no org id") : (403, "this tenant may not push here");
        using var body = new MemoryStream();
        if (request.Headers.ContentEncoding == "gzip")
        {
            await using var gzip = new GZipStream(request.Body, CompressionMode.Decompress);
            await gzip.CopyToAsync(body);
        }
        else
        {
            await request.Body.CopyToAsync(body);
        }

        try
        {
            using var json = JsonDocument.Parse(body.ToArray());
            lock (_gate) return Take(json.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return (400, $"couldn't parse push request: {wrong.Message}");
        }
    }

    private (int Status, string Words) Take(JsonElement push)
    {
        if (!HasRoomFor(push)) return (429, $"Ingestion rate limit exceeded for user fake (limit: {BytesPerSecond} bytes/sec) while attempting to ingest lines, reduce log volume or contact your Loki administrator to see if the limit can be increased");
        var (fault, count) = ("", 0);
        foreach (var stream in push.GetProperty("streams").EnumerateArray())
        {
            var labels = Texts(stream.GetProperty("stream"));
            var name = string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}=\"{label.Value}\""));
            foreach (var value in stream.GetProperty("values").EnumerateArray())
            {
                count++;
                var metadata = value.GetArrayLength() > 2 ? Texts(value[2]) : [];
                var line = new TakenLine(labels, long.Parse(value[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture), value[1].GetString()!, metadata);
                if (FaultOf(line, name) is { } refused) fault = refused;
                else if (!_taken.Exists(known => known.Nanoseconds == line.Nanoseconds && known.Line == line.Line && Equal(known.Labels, labels))) _taken.Add(line);
            }
        }

        Sizes.Add(count);
        return fault.Length > 0 ? (400, fault) : (204, "");
    }

    private string? FaultOf(TakenLine line, string stream)
    {
        if (line.Labels.Count == 0) return "error at least one label pair is required per stream";
        if (line.Labels.Count > MostLabels) return $"entry for stream '{{{stream}}}' has {line.Labels.Count} label names; limit {MostLabels}";
        foreach (var (label, value) in line.Labels)
        {
            if (label.Length > LongestName) return $"stream '{{{stream}}}' has label name too long: '{label}'";
            if (value.Length > LongestValue) return $"stream '{{{stream}}}' has label value too long: '{value}'";
        }

        if (line.Metadata.Count > MostMetadata || line.Metadata.Sum(pair => pair.Key.Length + pair.Value.Length) > MetadataBytes) return $"stream '{{{stream}}}' has structured metadata too large";
        if (line.Metadata.Count > 0 && !TakesMetadata) return $"stream '{{{stream}}}' includes structured metadata, but this feature is disallowed. Please see `limits_config.allow_structured_metadata` or contact your Loki administrator to enable it";
        var size = Encoding.UTF8.GetByteCount(line.Line);
        if (size > LongestLine) return $"Max entry size '{LongestLine}' bytes exceeded for stream '{{{stream}}}' while adding an entry with length '{size}' bytes";
        var at = DateTimeOffset.UnixEpoch.AddTicks(line.Nanoseconds / 100);
        if (Now() - at > OldestAge) return $"entry for stream '{{{stream}}}' has timestamp too old: {at:O}";
        if (at - Now() > TimeSpan.FromMinutes(10)) return $"entry for stream '{{{stream}}}' has timestamp too new: {at:O}";
        if (Forbidden is not null && line.Line.Contains(Forbidden, StringComparison.Ordinal)) return $"entry with timestamp {at:O} ignored, reason: 'entry too far behind' for stream: {{{stream}}}";
        var newest = _newest.GetValueOrDefault(stream);
        if (line.Nanoseconds < newest - (long)Window.TotalNanoseconds) return $"entry with timestamp {at:O} ignored, reason: 'entry too far behind, entry timestamp is: {at:O}' for stream: {{{stream}}}";
        _newest[stream] = Math.Max(newest, line.Nanoseconds);
        return null;
    }

    /// <summary>Whether the rate has room for all of it: Loki takes a request whole or not at all.</summary>
    private bool HasRoomFor(JsonElement push)
    {
        if (BytesPerSecond == 0) return true;
        var now = Now();
        _room = Math.Min(BytesPerSecond, _room + ((now - _filled).TotalSeconds * BytesPerSecond));
        _filled = now;
        var wanted = push.GetProperty("streams").EnumerateArray().SelectMany(stream => stream.GetProperty("values").EnumerateArray()).Sum(value => value[1].GetString()!.Length);
        if (wanted > _room) return false;
        _room -= wanted;
        return true;
    }

    private static Dictionary<string, string> Texts(JsonElement of) => of.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!);

    private static bool Equal(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) => a.Count == b.Count && a.All(pair => b.GetValueOrDefault(pair.Key) == pair.Value);
}
