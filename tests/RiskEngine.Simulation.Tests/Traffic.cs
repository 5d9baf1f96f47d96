using System.Text;
using System.Text.Json;
using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Tests;

/// <summary>One line of simulated traffic, read back as anybody could read it.</summary>
internal sealed record Row
{
    public required DateTimeOffset Time { get; init; }

    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required string Name { get; init; }

    public bool IsService { get; init; }

    public bool IsKnown { get; init; }

    public string[] Groups { get; init; } = [];

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    public string? Device { get; init; }

    public string? Session { get; init; }

    public string? Application { get; init; }

    public string? Method { get; init; }

    public string? Factor { get; init; }

    public string? Reason { get; init; }

    public string? Country { get; init; }

    public double Latitude { get; init; }

    public double Longitude { get; init; }

    public long Asn { get; init; }

    public string Organisation { get; init; } = "";

    public AttackLabel? Label { get; init; }

    public bool IsHonestLogin => Kind == "login" && Label is null && !IsService;

    public bool IsVpn => Organisation.Contains("VPN");

    /// <summary>What an address is counted by: itself, or its /64.</summary>
    public string? Unit => Address?.Contains(':') == true ? string.Join(':', Address.Split(':')[..4]) : Address;
}

/// <summary>Simulated traffic for tests, made once for each of the settings in use.</summary>
internal static class Traffic
{
    private static readonly Lazy<Row[]> SmallRows = new(() => Read(Bytes(new SimulationSettings { Users = 200, Days = 3 })));
    private static readonly Lazy<Row[]> MonthRows = new(() => Read(Bytes(new SimulationSettings { Users = 500, Days = 30, Attacks = [] })));

    /// <summary>200 people, three days, all attacks.</summary>
    public static Row[] Small => SmallRows.Value;

    /// <summary>500 people, thirty days, honest only.</summary>
    public static Row[] HonestMonth => MonthRows.Value;

    public static byte[] Bytes(SimulationSettings settings)
    {
        using var output = new MemoryStream();
        new SimulatedTraffic(settings).WriteTo(output);
        return output.ToArray();
    }

    public static string[] Lines(SimulationSettings settings) => Encoding.UTF8.GetString(Bytes(settings)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Row[] Read(byte[] bytes) => [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    public static double Kilometres(Row left, Row right)
    {
        static double Radians(double degrees) => degrees * Math.PI / 180;
        var a = Math.Pow(Math.Sin(Radians(right.Latitude - left.Latitude) / 2), 2)
            + (Math.Cos(Radians(left.Latitude)) * Math.Cos(Radians(right.Latitude)) * Math.Pow(Math.Sin(Radians(right.Longitude - left.Longitude) / 2), 2));
        return 2 * 6371 * Math.Asin(Math.Sqrt(a));
    }

    private static Row Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var subject = root.GetProperty("subject");
        var isKnown = subject.TryGetProperty("id", out var id);
        var hasGeo = root.TryGetProperty("geo", out var geo);
        return new Row
        {
            Time = root.GetProperty("occurred_at").GetDateTimeOffset(),
            Kind = root.GetProperty("kind").GetString()!,
            Subject = isKnown ? id.GetString()! : subject.GetProperty("name").GetString()!,
            Name = subject.GetProperty("name").GetString()!,
            IsKnown = isKnown,
            Groups = subject.TryGetProperty("groups", out var groups) ? [.. groups.EnumerateArray().Select(group => group.GetString()!)] : [],
            IsService = subject.TryGetProperty("service_account", out _),
            Address = Text(root, "source_ip"),
            UserAgent = Text(root, "user_agent"),
            Device = Text(root, "device_id"),
            Session = Text(root, "session_id"),
            Application = Text(root, "application"),
            Method = Text(root, "auth_method"),
            Factor = root.TryGetProperty("mfa", out var factors) ? factors[0].GetString() : null,
            Reason = Text(root, "reason"),
            Country = hasGeo ? geo.GetProperty("country").GetString() : null,
            Latitude = hasGeo ? geo.GetProperty("latitude").GetDouble() : 0,
            Longitude = hasGeo ? geo.GetProperty("longitude").GetDouble() : 0,
            Asn = hasGeo ? root.GetProperty("asn").GetProperty("number").GetInt64() : 0,
            Organisation = hasGeo ? root.GetProperty("asn").GetProperty("organization").GetString()! : "",
            Label = AttackLabel.Read(Encoding.UTF8.GetBytes(line)),
        };
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
