using System.Globalization;
using System.Text;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>Logins as an identity provider writes them, with every field of the event that such a one knows; about 600 bytes each.</summary>
/// <remarks>
/// A subject has a home and an office that two hundred share, two browsers, two applications and one country; one login in twenty fails, one in fifty
/// comes from an address that the subject never had. Repeatable by its seed. Not thread-safe.
/// </remarks>
internal sealed class LoginText(int seed)
{
    private const int Office = 200;

    private static readonly (string Code, string City, string Latitude, string Longitude)[] Places =
        [("DE", "Berlin", "52.52", "13.40"), ("FR", "Lyon", "45.76", "4.84"), ("PT", "Lisbon", "38.72", "-9.14"), ("US", "Denver", "39.74", "-104.99"), ("JP", "Osaka", "34.69", "135.50")];

    private static readonly string[] Applications = ["grafana", "mail", "wiki", "git", "vpn", "payroll", "tickets", "files"];

    private readonly Random _random = new(seed);
    private long _number;

    /// <summary>Writes one login as one JSON object.</summary>
    public void Append(StringBuilder text, int subject, DateTime at)
    {
        var place = Places[subject % Places.Length];
        var failed = _random.Next(20) == 0;
        var browser = (subject + _random.Next(2)) % 40;
        text.Append(CultureInfo.InvariantCulture, $$$"""
            {"id":"{{{seed:x8}}}-0000-4000-8000-{{{_number++:x12}}}","occurred_at":"{{{at:yyyy-MM-ddTHH:mm:ss.fff}}}Z","kind":"{{{(failed ? "login_failed" : "login")}}}","tenant":"default",
            """);
        text.Append(CultureInfo.InvariantCulture, $$$"""
            "subject":{"id":"{{{subject}}}","name":"user{{{subject}}}","groups":["staff","team{{{subject % 50}}}"]},"source_ip":"{{{Address(subject)}}}",
            """);
        text.Append(CultureInfo.InvariantCulture, $$$"""
            "user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{{{100 + browser}}}.0.0.0 Safari/537.36",
            """);
        text.Append(CultureInfo.InvariantCulture, $$$"""
            "session_id":"{{{_random.NextInt64():x16}}}","application":"{{{Applications[(subject + _random.Next(2)) % Applications.Length]}}}","auth_method":"password","mfa":["totp"],"round_trip_ms":{{{20 + _random.Next(60)}}},
            """);
        text.Append(CultureInfo.InvariantCulture, $$$"""
            "geo":{"country":"{{{place.Code}}}","city":"{{{place.City}}}","latitude":{{{place.Latitude}}},"longitude":{{{place.Longitude}}}},"asn":{"number":{{{1000 + (subject % 997)}}},"organization":"Provider {{{subject % 997}}}"}}
            """);
    }

    private string Address(int subject) => _random.Next(50) switch
    {
        0 => Text(0x1000_0000 + _random.Next(1 << 26)),
        < 20 => Text(0x0B00_0000 + (subject / Office)),
        _ => Text(0x2000_0000 + subject),
    };

    private static string Text(int address) => string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
}
