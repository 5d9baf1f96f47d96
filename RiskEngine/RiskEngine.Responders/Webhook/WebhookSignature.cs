using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Responders.Webhook;

/// <summary>Signs bodies, so that the receiver knows whom they are from and when they were sent: HMAC-SHA256 (RFC 2104) over "TIME.BODY".</summary>
public static class WebhookSignature
{
    /// <summary>Name of the header: <c>t=UNIX_SECONDS,v1=HEXADECIMAL</c>. A receiver passes over parts whose name it does not know.</summary>
    public const string Header = "RiskEngine-Signature";

    /// <param name="secret">At least 32 characters; its UTF-8 bytes are the key.</param>
    public static string Of(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hmac.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
