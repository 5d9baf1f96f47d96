using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Api;

/// <summary>The real server on a free port of loopback, with the real engine in enforce mode and a store of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskengine-test-").FullName;
    private readonly EngineTelemetry _telemetry;
    private readonly JudgeLoop _judge;

    private RunningServer(IStateStore store, IRecordStore records, RequestLimits limits, ILoggerFactory loggers, TimeProvider clock, PipelineSettings? pipeline, Func<ServerSettings, ServerSettings> change, TelemetrySettings telemetry)
    {
        Store = store;
        Records = records;
        var reference = new EngineReference(Some.Engine(store.Hash));
        _telemetry = new EngineTelemetry(telemetry, store.Hash, loggers, clock);
        _judge = new JudgeLoop(store, reference, pipeline ?? new PipelineSettings(), _telemetry.Observers);
        Settings = change(new ServerSettings { Url = "http://127.0.0.1:0", AdminKeyFile = Path.Combine(_folder, "admin.key"), Limits = limits });
        Parts = new ServerParts
        {
            Judge = _judge,
            State = store,
            Records = records,
            Engine = reference,
            Formats = new FormatContext { Hash = store.Hash, Clock = clock },
            Telemetry = _telemetry,
            Clock = clock,
        };
        App = Server.Build(Settings, Parts, loggers);
    }

    public IStateStore Store { get; }

    public IRecordStore Records { get; }

    public ServerSettings Settings { get; }

    public ServerParts Parts { get; }

    public WebApplication App { get; }

    /// <summary>Gets a client that shows the administrator's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Gets a client that shows no key.</summary>
    public HttpClient Nobody { get; private set; } = null!;

    /// <summary>Gets the operations of the OpenAPI document that clients called, and how often.</summary>
    public ConcurrentDictionary<string, int> Exercised { get; } = new();

    public string AdminKey { get; private set; } = "";

    public static Task<RunningServer> StartAsync(RequestLimits? limits = null, ILoggerFactory? loggers = null, Func<ServerSettings, ServerSettings>? change = null, TelemetrySettings? telemetry = null)
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings { HashKey = "a key for testing"u8[..16].ToArray() }, TimeProvider.System);
        return StartAsync(store, store, limits, loggers, change: change, telemetry: telemetry);
    }

    public static async Task<RunningServer> StartAsync(
        IStateStore store, IRecordStore records, RequestLimits? limits = null, ILoggerFactory? loggers = null, PipelineSettings? pipeline = null, TimeProvider? clock = null,
        Func<ServerSettings, ServerSettings>? change = null, TelemetrySettings? telemetry = null)
    {
        var server = new RunningServer(store, records, limits ?? new RequestLimits(), loggers ?? NullLoggerFactory.Instance, clock ?? TimeProvider.System, pipeline, change ?? (settings => settings), telemetry ?? new TelemetrySettings());
        await Server.StartAsync(server.App, server.Settings, server.Parts, CancellationToken.None);
        // A store that has a key already is given none.
        if (File.Exists(server.Settings.AdminKeyFile)) server.AdminKey = (await File.ReadAllTextAsync(server.Settings.AdminKeyFile)).Trim();
        server.Nobody = server.Client(null);
        server.Admin = server.Client(server.AdminKey);
        return server;
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient(new DescribedTraffic(Exercised)) { BaseAddress = new Uri(App.Urls.First()) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A client with a key of its own, made through the interface.</summary>
    public async Task<HttpClient> ClientWithAsync(string name, params string[] scopes)
    {
        using var made = await Admin.PostAsync("/api/v1/keys", Json.Body(new { name, scopes }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return Client((await Json.ReadAsync(made)).GetProperty("key").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Nobody.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await _judge.DisposeAsync();
        _telemetry.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>JSON to send and to read.</summary>
public static class Json
{
    public static StringContent Body(object value) => Text(JsonSerializer.Serialize(value));

    public static StringContent Text(string json, string mediaType = "application/json") => new(json, Encoding.UTF8, mediaType);

    public static ByteArrayContent Bytes(byte[] bytes, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return content;
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }
}
