using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Responding;

/// <summary>The whole engine, as <c>serve</c> runs it, with one webhook to a real server on this machine.</summary>
internal sealed class Responding : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskengine-test-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<JsonElement> _received = [];
    private readonly ConcurrentQueue<string> _traces = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private WebApplication? _receiver;
    private Task _pumps = Task.CompletedTask;
    private Task<int> _server = Task.FromResult(0);

    private Responding()
    {
    }

    public RunningEngine Engine { get; private set; } = null!;

    public HttpClient Admin { get; } = new();

    /// <summary>Gets the traces that the receiver was told of, in order: the header <c>traceparent</c> of each request.</summary>
    public IReadOnlyList<string> Traces => [.. _traces];

    /// <summary>Gets or sets the status that the receiver answers with.</summary>
    public int Status { get; set; } = 200;

    public string StorePath => Path.Combine(_folder, "store.db");

    /// <param name="webhook">Further lines of the webhook's section, and sections behind it.</param>
    public static async Task<Responding> StartAsync(string webhook = "", bool isDurable = false, ILoggerFactory? loggers = null)
    {
        var test = new Responding();
        var url = await test.ReceiveAsync();
        var config = Path.Combine(test._folder, "riskengine.yaml");
        File.WriteAllText(Path.Combine(test._folder, "secret"), new string('s', 32));
        File.WriteAllText(config, $"http:\n  url: http://127.0.0.1:0\n  admin_key_file: admin.key\n  rate_limit: 0\nwebhooks:\n  - name: soc\n    url: {url}\n    secret_file: secret\n{webhook}");
        var settings = SettingsLoader.Load(config);
        loggers ??= NullLoggerFactory.Instance;
        test.Engine = RunningEngine.Start(config, settings, isDurable ? Stores.OpenFile(test.StorePath, settings) : Stores.Memory(keepsAssessments: true), [], loggers);
        test._pumps = test.Engine.Responders.RunAsync(test._stop.Token);
        var started = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        test._server = Server.RunAsync(ServerSettings.From(settings), test.Engine.Parts, loggers, started.SetResult, test._stop.Token);
        test.Admin.BaseAddress = new Uri(await started.Task.WaitAsync(TimeSpan.FromMinutes(1)));
        test.Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(test._folder, "admin.key")).Trim());
        return test;
    }

    /// <summary>What arrived next.</summary>
    public async Task<JsonElement> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(60)), "nothing arrived");
        return _received.TryDequeue(out var body) ? body : throw new InvalidOperationException("It was counted before it was there.");
    }

    public async Task<JsonElement> PostAsync(string path, object body, HttpStatusCode expected)
    {
        using var answer = await Admin.PostAsync(path, Json.Body(body));
        Assert.Equal(expected, answer.StatusCode);
        return answer.Content.Headers.ContentLength is null or 0 && expected == HttpStatusCode.NoContent ? default : await Json.ReadAsync(answer);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Admin.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Json.ReadAsync(answer);
    }

    public async Task DeleteAsync(string path, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        using var answer = await Admin.DeleteAsync(path);
        Assert.Equal(expected, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pumps;
        await _server;
        await Engine.DisposeAsync();
        await _receiver!.DisposeAsync();
        Admin.Dispose();
        _stop.Dispose();
        _arrived.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> ReceiveAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _receiver = builder.Build();
        _receiver.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            context.Response.StatusCode = Status;
            _traces.Enqueue(context.Request.Headers.TraceParent.ToString());
            _received.Enqueue(body.RootElement.Clone());
            _arrived.Release();
        });
        await _receiver.StartAsync();
        return _receiver.Urls.First();
    }
}
