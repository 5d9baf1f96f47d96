using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RiskEngine.Configuration;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Tests.Telemetry.Otlp;

/// <summary>A receiver of OTLP over HTTP on loopback, which reads what it is sent and answers as it is told to.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = [];
    private readonly ConcurrentQueue<ReceivedPoint> _points = [];
    private readonly ConcurrentQueue<string> _credentials = [];
    private readonly ConcurrentQueue<string> _faults = [];

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    /// <summary>Gets or sets how it answers; it takes everything at first.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    public IReadOnlyList<ReceivedPoint> Points => [.. _points];

    /// <summary>Gets the header <c>Authorization</c> of each request, in order.</summary>
    public IReadOnlyList<string> Credentials => [.. _credentials];

    /// <summary>Gets what was no OTLP.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    public Uri Endpoint => new(_app.Urls.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>What a server needs to push here, everything and at once.</summary>
    public TelemetrySettings Pushed(Func<OtlpSettings, OtlpSettings>? change = null)
    {
        var settings = new OtlpSettings { Endpoint = Endpoint, Interval = TimeSpan.FromSeconds(1), Sampling = 1, Instance = "here" };
        return new TelemetrySettings { Scope = $"RiskEngine.{Guid.NewGuid():N}", Otlp = change?.Invoke(settings) ?? settings };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _credentials.Enqueue(context.Request.Headers.Authorization.ToString());
        try
        {
            if (context.Request.Method != "POST" || context.Request.ContentType != "application/x-protobuf") throw new InvalidDataException($"{context.Request.Method} of {context.Request.ContentType}");
            Keep(context.Request.Path.Value, new ProtoMessage(body.ToArray()));
        }
        catch (InvalidDataException fault)
        {
            _faults.Enqueue(fault.Message);
        }

        context.Response.ContentType = "application/x-protobuf";
        await Answer(context);
    }

    private void Keep(string? path, ProtoMessage request)
    {
        switch (path)
        {
            case "/v1/traces":
                foreach (var span in ReceivedSpan.In(request)) _spans.Enqueue(span);
                break;
            case "/v1/metrics":
                foreach (var point in ReceivedPoint.In(request)) _points.Enqueue(point);
                break;
            default: throw new InvalidDataException($"There is nothing at {path}.");
        }
    }
}
