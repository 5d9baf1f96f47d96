using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Api;

namespace RiskEngine.Host.Doctor;

/// <summary>Asks the running program, where it runs.</summary>
internal static class ProgramFindings
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether it answers, and its metrics; these are empty where it does not.</summary>
    public static async Task<(Finding Finding, string Metrics)> LookAsync(RiskEngineSettings settings, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = settings.Http.Url, Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync("/health/ready", cancellation);
            var metrics = await http.GetStringAsync("/metrics", cancellation);
            return (new Finding(answer.IsSuccessStatusCode, "program", $"{settings.Http.Url} answers {(int)answer.StatusCode}"), metrics);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return (new Finding(false, "program", $"{settings.Http.Url} does not answer; start it with 'riskengine serve'"), "");
        }
    }

    /// <summary>How many honest logins were challenged, as the running program counts.</summary>
    public static async Task<Finding> LookAtChallengesAsync(RiskEngineSettings settings, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = settings.Http.Url, Timeout = Patience };
            http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(settings.Http.AdminKeyFile, cancellation)).Trim());
            var report = JsonSerializer.Deserialize(await http.GetStringAsync($"/api/v1/challenges?days={StoreFindings.ChallengeDays}", cancellation), ApiJson.Default.ChallengeReport);
            return new Finding(true, "challenges", $"{report}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException or UnauthorizedAccessException or JsonException)
        {
            return new Finding(true, "challenges", $"cannot be looked at: {failure.Message}");
        }
    }
}
