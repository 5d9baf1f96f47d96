using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RiskEngine.Host.Tests.Doctor;

/// <summary>A server that stands for any other: keeps what it was asked, and answers with one status.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = [];

    private StandIn()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.First();

    /// <summary>Gets or sets what it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Gets each question, with its credential where there is one.</summary>
    public IEnumerable<string> Asked => _asked.Order(StringComparer.Ordinal);

    public static async Task<StandIn> StartAsync()
    {
        var server = new StandIn();
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        _asked.Enqueue($"{context.Request.Method} {context.Request.Path} {headers.Authorization}{headers["X-Api-Key"]}{headers["X-Receiver"]}".TrimEnd());
        context.Response.StatusCode = Status;
        if (Status is >= 300 and < 400) context.Response.Headers.Location = "/elsewhere";
        return Task.CompletedTask;
    }
}
