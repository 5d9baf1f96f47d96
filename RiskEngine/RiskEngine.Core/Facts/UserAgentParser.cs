namespace RiskEngine.Core.Facts;

/// <summary>Reads a user agent. Allocates nothing.</summary>
public static class UserAgentParser
{
    public static DeviceFacts Parse(ReadOnlySpan<byte> utf8) => default;

    public static string BrowserName(byte id) => "unknown";

    public static string OsName(byte id) => "unknown";
}
