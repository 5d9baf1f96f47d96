using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>What came of a sign-in.</summary>
/// <param name="End"><c>signed in</c>, <c>denied</c>, or <c>not applied</c> where authentik would not have taken the blueprint.</param>
/// <param name="Seen">What a denied person reads.</param>
/// <param name="Asked">Requests made of RiskEngine.</param>
/// <param name="Timeouts">Of each of these requests, in seconds: to connect, and to read.</param>
/// <param name="Steps">Stages of the flow, beside name and password, that the person saw.</param>
/// <param name="Exceptions">What authentik would have written <c>policy_exception</c> events about.</param>
/// <param name="Messages">What policies would have shown to the person.</param>
internal sealed record SignIn(
    string End, string? Seen, int Asked, double[][] Timeouts, double Seconds, string[] Steps, JsonElement[] Log, string[] Exceptions, string[] Messages, JsonElement? Memo, JsonElement? Event)
{
    public string? Action => Memo?.GetProperty("action").GetString();

    public string? RequestId => Memo?.GetProperty("request_id").GetString();
}

/// <summary>People who sign in at an authentik with the blueprint: <c>flow.py</c>, in Debian's Python with Debian's requests.</summary>
internal static class SignIns
{
    public const string Python = "/usr/bin/python3";
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string Blueprint { get; } = RepositoryRoot.Path("deploy", "authentik", "riskengine.yaml");

    /// <summary>A person at a browser, where a login waits long enough for a busy machine.</summary>
    /// <param name="context">What is set in the blueprint.</param>
    /// <param name="more">What changes or adds what is known of the sign-in.</param>
    public static JsonObject Person(Uri url, int? id = 42, string name = "jane", string address = "198.51.100.20", JsonObject? context = null, JsonObject? more = null)
    {
        context ??= [];
        context.TryAdd("url", url.GetLeftPart(UriPartial.Authority));
        context.TryAdd("wait_seconds", 20);
        var login = new JsonObject
        {
            ["blueprint"] = Blueprint,
            ["context"] = context,
            ["user"] = new JsonObject { ["pk"] = id, ["username"] = name },
            ["client_ip"] = address,
            ["user_agent"] = Browser,
        };
        foreach (var (key, value) in more ?? []) login[key] = value?.DeepClone();
        return login;
    }

    public static async Task<SignIn> OneAsync(JsonObject login, string evaluateKey, string eventsKey = "not used") => Assert.Single(await RunAsync([login], evaluateKey, eventsKey));

    /// <summary>Signs them in one after the other.</summary>
    public static async Task<SignIn[]> RunAsync(JsonObject[] logins, string? evaluateKey, string? eventsKey)
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(RepositoryRoot.Path("tests", "RiskEngine.Host.Tests"), "Authentik", "Blueprint", "flow.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["NO_PROXY"] = "*";
        if (evaluateKey is not null) start.Environment["RISKENGINE_EVALUATE_KEY"] = evaluateKey;
        if (eventsKey is not null) start.Environment["RISKENGINE_EVENTS_KEY"] = eventsKey;
        using var process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.StandardInput.WriteAsync(new JsonArray([.. logins]).ToJsonString());
            process.StandardInput.Close();
            var answer = await output;
            Assert.True((await error).Length == 0, await error);
            return JsonSerializer.Deserialize<SignIn[]>(answer, JsonSerializerOptions.Web)!;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

/// <summary>A test that signs people in; skipped, and counted as skipped, where Debian's Python lacks requests or yaml.</summary>
public sealed class SignInFactAttribute : FactAttribute
{
    public SignInFactAttribute() => Skip = Missing.Value;

    internal static Lazy<string?> Missing { get; } = new(() => !File.Exists(SignIns.Python) ? $"{SignIns.Python} is not there." : Imports() ? null : "Debian's python3-requests or python3-yaml is not there.");

    private static bool Imports()
    {
        using var probe = Process.Start(new ProcessStartInfo(SignIns.Python, ["-c", "import requests, yaml"]) { RedirectStandardError = true, UseShellExecute = false })!;
        return probe.WaitForExit(TimeSpan.FromSeconds(20)) && probe.ExitCode == 0;
    }
}

/// <summary>The same for theories.</summary>
public sealed class SignInTheoryAttribute : TheoryAttribute
{
    public SignInTheoryAttribute() => Skip = SignInFactAttribute.Missing.Value;
}
