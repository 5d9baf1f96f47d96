using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RiskEngine.Host.Api;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.ForwardAuth;
using RiskEngine.Host.Security;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Serving;

/// <summary>The HTTP server: builds the application, and runs it until it is told to stop.</summary>
/// <remarks>
/// A request passes the failure gate, gets its caller's address, and passes the host gate, routing and the key gate before a route sees it. Nothing is read from the environment or from
/// files of ASP.NET Core's own: what is not in the settings does not count. Stopping takes no new connections, waits for requests under way, then
/// returns; whoever made the parts disposes of them after that, the judge loop before the store.
/// </remarks>
public static partial class Server
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(10);

    private const string Category = "RiskEngine.Host.Server";

    /// <summary>Exit codes of the command line.</summary>
    private const int Done = 0, Failed = 1, WrongConfiguration = 2;

    /// <summary>Builds the application without starting it.</summary>
    /// <param name="loggers">Where log lines go; see <see cref="JsonLogging"/>.</param>
    /// <exception cref="ServerStartException">The settings cannot be served.</exception>
    public static WebApplication Build(ServerSettings settings, ServerParts parts, ILoggerFactory loggers)
    {
        var listen = ListenAddress.Of(settings);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "riskengine", EnvironmentName = Environments.Production });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddRoutingCore();
        builder.Services.AddRequestTimeouts();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        OpenApi.Add(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => KestrelSetup.Apply(kestrel, listen, settings));

        var keys = new KeyRing(parts.Records, settings.Limits, parts.Clock);
        var watch = new StoreWatch(parts.Records, parts.State.Blocks, keys, parts.Operators, parts.Clock, loggers.CreateLogger<StoreWatch>());
        builder.Services.AddSingleton<IHostedService>(watch);
        builder.Services.AddSingleton<IHostedService>(new AuditHeadLog(parts.Records, parts.Clock, loggers.CreateLogger<AuditHeadLog>()));
        var challenges = new ChallengeKeeper(parts.Telemetry.ChallengeLedger, parts.Records.Challenges, parts.Telemetry.ChallengeOutcomes, parts.Clock, loggers.CreateLogger<ChallengeKeeper>());
        builder.Services.AddSingleton(challenges).AddSingleton<IHostedService>(challenges);
        var sessions = new SessionReports(parts, settings.ForwardAuth);
        builder.Services.AddSingleton(sessions).AddSingleton<IHostedService>(sessions);
        parts.Telemetry.Challenges.IsAsked = settings.TrustedProxies.Count > 0;
        StateGauges.Register(parts.Telemetry.Instruments, parts, watch);

        var app = builder.Build();
        Compose(app, settings, listen, parts, keys, loggers);
        if (listen is { IsTls: false, IsLoopback: false }) LogCleartext(loggers.CreateLogger(Category), settings.Url);
        app.Lifetime.ApplicationStopped.Register(keys.Dispose);
        return app;
    }

    /// <summary>Serves until the process is told to stop or <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <param name="started">Is told the address that is listened on, once it is.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 wrong configuration.</returns>
    public static async Task<int> RunAsync(
        ServerSettings settings, ServerParts parts, ILoggerFactory loggers, Action<string>? started, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = Build(settings, parts, loggers);
            await StartAsync(app, settings, parts, cancellationToken);
            var address = app.Urls.First();
            LogListening(loggers.CreateLogger(Category), address);
            started?.Invoke(address);
            await app.WaitForShutdownAsync(cancellationToken);
            LogStopped(loggers.CreateLogger(Category));
            return Done;
        }
        catch (ServerStartException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return WrongConfiguration;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            var remedy = Remedy(failure);
            LogNotListening(loggers.CreateLogger(Category), settings.Url, failure.Message.TrimEnd('.'), remedy);
            await Console.Error.WriteLineAsync($"http.url: {settings.Url} cannot be listened on: {failure.Message.TrimEnd('.')}. {remedy}");
            return Failed;
        }
    }

    private static string Remedy(Exception failure) => failure is AddressInUseException || failure.InnerException is AddressInUseException
        ? "Stop the other program that listens there, or set http.url to another port."
        : "Set http.url to an address of this machine and a port that this program may use.";

    /// <summary>Makes sure that there is an administrator's key, reads the keys, and begins to listen.</summary>
    public static async Task StartAsync(WebApplication app, ServerSettings settings, ServerParts parts, CancellationToken cancellationToken)
    {
        if (!await AdminKeyFile.EnsureAsync(settings.AdminKeyFile, parts.Records, parts.Clock, cancellationToken)) LogOthersKey(app.Logger, settings.AdminKeyFile);
        await app.Services.GetServices<IHostedService>().OfType<StoreWatch>().Single().RefreshAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
    }

    private static void Compose(WebApplication app, ServerSettings settings, ListenAddress listen, ServerParts parts, KeyRing keys, ILoggerFactory loggers)
    {
        var metrics = parts.Telemetry.Security;
        var log = new SecurityLog(loggers.CreateLogger<SecurityLog>(), parts.Telemetry.Personal, parts.Clock);
        var failures = new AddressRates(settings.Limits.FailuresPerSecond, settings.Limits.FailureBurst, parts.Clock);
        app.Use(next => new FailureGate(next, loggers.CreateLogger<FailureGate>()).InvokeAsync);
        app.Use(new ForwardedAddress(settings.TrustedProxies, settings.ForwardedHeader).Before);
        app.Use(next => new HostGate(next, [.. settings.AllowedHosts, listen.Name], metrics).InvokeAsync);
        app.UseRouting();
        app.Use(next => new KeyGate(next, keys, metrics, log, failures, parts.Operators).InvokeAsync);
        app.UseRequestTimeouts();
        Routes.Map(app, parts, settings, keys);
    }

    [LoggerMessage(1, LogLevel.Information, "Listening on {Url}.")]
    private static partial void LogListening(ILogger logger, string url);

    [LoggerMessage(5, LogLevel.Information, "Another replica made the administrator's key at the same moment; its http.admin_key_file has it, and {File} is none.")]
    private static partial void LogOthersKey(ILogger logger, string file);

    [LoggerMessage(2, LogLevel.Information, "Stopped; requests under way were finished.")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "http.allow_insecure_public_binding is on and {Url} is reachable from other machines: without TLS in front, anybody on the way can read keys.")]
    private static partial void LogCleartext(ILogger logger, string url);

    [LoggerMessage(4, LogLevel.Error, "http.url: {Url} cannot be listened on: {Reason}. {Remedy}")]
    private static partial void LogNotListening(ILogger logger, string url, string reason, string remedy);
}
