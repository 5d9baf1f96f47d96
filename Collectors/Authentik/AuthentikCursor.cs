using System.Text;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Authentik;

/// <summary>How far a source at authentik has been read: the time of the newest row taken, and its key. Stored with what the row changed.</summary>
/// <param name="Time">To the millisecond; polls begin well before it.</param>
/// <param name="Key">The newest row's key.</param>
public sealed record AuthentikCursor(EventTime Time, string Key)
{
    /// <summary>Reads a stored cursor; null for what is none, or was made at another address.</summary>
    public static AuthentikCursor? Parse(string? text, Uri url)
    {
        if (text?.Split(' ') is not [var time, var key, var from] || from != Place(url)) return null;
        return TimeText.TryParseIso(Encoding.UTF8.GetBytes(time), out var at) ? new AuthentikCursor(at, key) : null;
    }

    /// <summary>The cursor as it is stored.</summary>
    public string ToText(Uri url) => $"{Time} {Key} {Place(url)}";

    private static string Place(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/').Replace(" ", "%20", StringComparison.Ordinal);
}
