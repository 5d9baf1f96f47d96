using System.Text.Json;

namespace RiskEngine.Host.Doctor;

/// <summary>Something that <c>doctor</c> or <c>authentik check</c> looked at.</summary>
/// <param name="Ok">Whether there is nothing to do about it.</param>
/// <param name="Detail">What was seen, and what to do where it is not right.</param>
internal sealed record Finding(bool Ok, string What, string Detail)
{
    /// <summary>Tells people or a program what was found. Some of it came from elsewhere and may hold anything: nothing of it steers the terminal.</summary>
    public static void Print(IEnumerable<Finding> findings, bool json)
    {
        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(findings, JsonSerializerOptions.Web));
        else foreach (var finding in findings) Console.Out.WriteLine($"{(finding.Ok ? "ok  " : "look")}  {finding.What}: {string.Concat(finding.Detail.Select(c => char.IsControl(c) ? '?' : c))}");
    }
}
