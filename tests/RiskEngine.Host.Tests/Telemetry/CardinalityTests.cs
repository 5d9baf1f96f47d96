using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Tests.Api;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Telemetry;

/// <summary>Who attacks cannot make series, and no series that belongs is lost.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> sends 1,000,000 people and addresses in place of 30,000.</remarks>
public sealed partial class CardinalityTests(ITestOutputHelper output) : ApiTests
{
    private const int Chunk = 5000;
    private const string Overflow = "overflow";

    private static readonly int Events = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 1_000_000 : 30_000;

    [Fact]
    public async Task However_many_people_and_addresses_come_the_series_stay_the_same()
    {
        await SendAsync(0);
        var before = await SeriesAsync();
        for (var first = Chunk; first < Events; first += Chunk) await SendAsync(first);
        var after = await SeriesAsync();

        output.WriteLine($"{Events} people at as many addresses: {before.Count} series before, {after.Count} after.");
        Assert.Equal(before, after);
        Assert.Contains($"riskengine_events_total{{kind=\"login_failed\",source=\"http\"}} {Events}\n", await MetricsAsync(), StringComparison.Ordinal);
    }

    /// <summary>The most that logins can make: every outcome of twenty applications and eight methods, none and other.</summary>
    [Fact]
    public async Task Every_application_with_every_method_and_outcome_has_a_series_of_its_own()
    {
        await FillLoginsAsync(Admin);
        var text = await MetricsAsync();
        Assert.Equal(4 * (16 + 2) * (7 + 2), text.Split('\n').Count(line => line.StartsWith("riskengine_logins_total{", StringComparison.Ordinal)));
        Assert.DoesNotContain(Overflow, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_country_has_two_series_of_its_own_and_what_is_none_has_two_together()
    {
        await FillLoginsAsync(Admin);
        var text = await MetricsAsync();
        Assert.Equal(2 * (Countries.All.Count + 1), text.Split('\n').Count(line => line.StartsWith("riskengine_logins_by_country_total{", StringComparison.Ordinal)));
        Assert.Contains("riskengine_logins_by_country_total{country=\"other\",outcome=\"success\"} ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("QX", text, StringComparison.Ordinal);
    }

    /// <summary>The SDK keeps 2,000 series of an instrument apart by itself; two hundred sources with every reason are more.</summary>
    [Fact]
    public void Two_hundred_sources_have_every_series_of_theirs()
    {
        string[] sources = [.. Enumerable.Range(0, 200).Select(i => $"syslog:machine-{i}")];
        using var telemetry = new EngineTelemetry(
            new TelemetrySettings { Sources = sources, PolledSources = sources, SyslogSources = sources }, new KeyedHash("0123456789abcdef"u8), NullLoggerFactory.Instance, TimeProvider.System);
        foreach (var source in sources)
        {
            foreach (var reason in DefectReasons.All) telemetry.Intake.Rejected(source, reason);
        }

        var text = telemetry.Scrape(openMetrics: false);
        Assert.Equal(sources.Length * DefectReasons.All.Count, text.Split('\n').Count(line => line.StartsWith("riskengine_events_rejected_total{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal)));
        Assert.Equal(sources.Length * EventKinds.All.Count, text.Split('\n').Count(line => line.StartsWith("riskengine_events_total{", StringComparison.Ordinal)));
        Assert.DoesNotContain(Overflow, text, StringComparison.Ordinal);
    }

    /// <summary>Thirty applications and methods with every outcome, from every country.</summary>
    internal static async Task FillLoginsAsync(HttpClient admin)
    {
        string[] kinds = ["login", "login_failed", "login_attempt", "mfa_failed"];
        // What is no country is "other", and there are fewer countries than pairs.
        string[] countries = [.. Countries.All, "QQ", "QX"];
        var lines = new StringBuilder();
        foreach (var kind in kinds)
        {
            for (var pair = 0; pair < 31 * 31; pair++)
            {
                var login = SomeEvent.Login($"{kind}-{pair}", kind);
                // Number 0 is one that the source does not name.
                if (pair / 31 > 0) login["application"] = $"application-of-a-usual-length-{pair / 31}";
                if (pair % 31 > 0) login["auth_method"] = $"method-{pair % 31}";
                login["geo"] = new { country = countries[pair % countries.Length] };
                lines.Append(JsonSerializer.Serialize(login)).Append('\n');
            }
        }

        using var answer = await admin.PostAsync("/api/v1/events", Json.Text(lines.ToString(), "application/x-ndjson"));
        Assert.Equal(202, (int)answer.StatusCode);
    }

    private Task<string> MetricsAsync() => Admin.GetStringAsync("/metrics");

    private async Task<List<string>> SeriesAsync() => [.. Series().Matches(await MetricsAsync()).Select(line => line.Value)];

    private async Task SendAsync(int first)
    {
        var lines = new StringBuilder();
        for (var i = first; i < first + Chunk; i++)
        {
            lines.Append(JsonSerializer.Serialize(SomeEvent.Login($"c{i}", "login_failed", $"11.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}", $"{i}"))).Append('\n');
        }

        using var answer = await Admin.PostAsync("/api/v1/events", Json.Text(lines.ToString(), "application/x-ndjson"));
        Assert.Equal(202, (int)answer.StatusCode);
    }

    [GeneratedRegex("^riskengine_.*(?= [^ ]+$)", RegexOptions.Multiline)]
    private static partial Regex Series();
}
