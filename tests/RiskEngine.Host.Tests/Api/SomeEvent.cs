using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

/// <summary>Canonical events to send.</summary>
public static class SomeEvent
{
    public static Dictionary<string, object?> Login(string? id, string kind = "login", string ip = "81.2.69.160", string subject = "42") => new()
    {
        ["id"] = id,
        ["occurred_at"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
        ["kind"] = kind,
        ["subject"] = new { id = subject, name = $"user{subject}" },
        ["source_ip"] = ip,
        ["user_agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    };

    /// <summary>Guesses at as many names from one address, as lines.</summary>
    public static string Spray(string ip, int count) =>
        string.Join('\n', Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(Login($"spray-{ip}-{i}", "login_failed", ip, $"n{i}"))));

    public static Dictionary<string, object?> Without(this Dictionary<string, object?> login, params string[] names)
    {
        foreach (var name in names) login.Remove(name);
        return login;
    }
}
