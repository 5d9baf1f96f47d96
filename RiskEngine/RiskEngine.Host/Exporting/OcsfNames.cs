using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Exporting;

/// <summary>Numbers and names of the Open Cybersecurity Schema Framework (OCSF) 1.3.0 that exports use.</summary>
internal static class OcsfNames
{
    public const string Version = "1.3.0";

    public const int Authentication = 3002, IdentityAndAccess = 3, DetectionFinding = 2004, Findings = 2;

    public const int Logon = 1, Logoff = 2, Other = 99;

    public const int Create = 1, Close = 3;

    private static readonly (int Id, string Name)[] Severities = [(1, "Informational"), (2, "Low"), (3, "Medium"), (4, "High"), (5, "Critical")];

    private static readonly string[] RiskLevels = ["Info", "Low", "Medium", "High", "Critical"];

    /// <summary>What of the class Authentication a kind is; what is no sign-in and no sign-out is "Other", by its own name.</summary>
    public static (int Id, string Name) ActivityOf(EventKind kind, string kindText) => kind switch
    {
        EventKind.Login or EventKind.LoginFailed or EventKind.LoginAttempt or EventKind.MfaFailed or EventKind.ChallengePassed or EventKind.ChallengeFailed => (Logon, "Logon"),
        EventKind.Logout => (Logoff, "Logoff"),
        EventKind.Other when kindText.Length > 0 => (Other, kindText),
        _ => (Other, kind.Name()),
    };

    public static (int Id, string Name) StatusOf(EventKind kind) => kind switch
    {
        EventKind.LoginFailed or EventKind.MfaFailed or EventKind.ChallengeFailed => (2, "Failure"),
        EventKind.LoginAttempt or EventKind.SuspiciousRequest or EventKind.Other => (0, "Unknown"),
        _ => (1, "Success"),
    };

    /// <summary>Writes what every class has.</summary>
    /// <param name="severity">0 informational to 4 critical.</param>
    public static void WriteClass(Utf8JsonWriter json, int category, string categoryName, int @class, string className, (int Id, string Name) activity, int severity, long time)
    {
        json.WriteNumber("category_uid", category);
        json.WriteString("category_name", categoryName);
        json.WriteNumber("class_uid", @class);
        json.WriteString("class_name", className);
        json.WriteNumber("activity_id", activity.Id);
        json.WriteString("activity_name", activity.Name);
        json.WriteNumber("type_uid", (@class * 100L) + activity.Id);
        json.WriteString("type_name", $"{className}: {(activity.Id == Other ? "Other" : activity.Name)}");
        json.WriteNumber("severity_id", Severities[severity].Id);
        json.WriteString("severity", Severities[severity].Name);
        json.WriteNumber("time", time);
    }

    public static void WriteMetadata(Utf8JsonWriter json, string uid, ReadOnlySpan<byte> tenant, string version)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", Version);
        json.WriteString("uid", uid);
        if (!tenant.IsEmpty) json.WriteString("tenant_uid", tenant);
        json.WriteStartObject("product");
        json.WriteString("name", "RiskEngine");
        json.WriteString("vendor_name", "RiskEngine");
        json.WriteString("version", version);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <param name="level">0 info to 4 critical.</param>
    public static void WriteRisk(Utf8JsonWriter json, double score, int level)
    {
        json.WriteNumber("risk_score", (int)Math.Round(score));
        json.WriteNumber("risk_level_id", level);
        json.WriteString("risk_level", RiskLevels[level]);
    }

    /// <summary>Writes techniques of MITRE ATT&amp;CK; nothing for none.</summary>
    public static void WriteAttacks(Utf8JsonWriter json, IEnumerable<string> techniques)
    {
        string[] all = [.. techniques];
        if (all.Length == 0) return;
        json.WriteStartArray("attacks");
        foreach (var technique in all)
        {
            json.WriteStartObject();
            json.WriteStartObject("technique");
            json.WriteString("uid", technique.Split('.')[0]);
            json.WriteEndObject();
            if (technique.Contains('.', StringComparison.Ordinal))
            {
                json.WriteStartObject("sub_technique");
                json.WriteString("uid", technique);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes an endpoint by its address; where that is a network or a pseudonym, by that as its unique id.</summary>
    public static void WriteAddress(Utf8JsonWriter json, string address) => json.WriteString(IpAddress.TryParse(address, out _) ? "ip" : "uid", address);
}
