using System.Globalization;
using System.Text;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>Whole requests to <c>POST /api/v1/events</c>, head and body, made before anything is measured.</summary>
/// <param name="host">What the requests name as <c>Host</c>.</param>
/// <param name="isArray">Whether a request of several events is a JSON array; otherwise lines.</param>
internal sealed class PreparedRequests(Fleet fleet, string host, string key, bool isArray, int seed)
{
    private readonly LoginText _text = new(seed);
    private readonly StringBuilder _body = new();

    /// <summary>The logins that the store is filled with, spread evenly over the time before <paramref name="end"/>. Made as they are read.</summary>
    public IEnumerable<byte[]> Past(int size, DateTime end, TimeSpan over)
    {
        for (var first = 0; first < fleet.Past.Length; first += size)
        {
            var begun = first;
            yield return Request(Math.Min(size, fleet.Past.Length - first), i => fleet.Past[begun + i], i => end - (over * (1 - ((begun + i) / (double)fleet.Past.Length))));
        }
    }

    /// <summary>Logins of now.</summary>
    public byte[][] Next(int events, int size)
    {
        var requests = new byte[events / size][];
        for (var i = 0; i < requests.Length; i++) requests[i] = Request(size, _ => fleet.Next(), _ => DateTime.UtcNow);
        return requests;
    }

    private byte[] Request(int size, Func<int, int> subjectOf, Func<int, DateTime> timeOf)
    {
        var isList = isArray && size > 1;
        _body.Clear();
        for (var i = 0; i < size; i++)
        {
            if (isList) _body.Append(i == 0 ? '[' : ',');
            _text.Append(_body, subjectOf(i), timeOf(i));
            if (!isList && size > 1) _body.Append('\n');
        }

        if (isList) _body.Append(']');
        var type = isList || size == 1 ? "application/json" : "application/x-ndjson";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST /api/v1/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: {type}\r\nContent-Length: {_body.Length}\r\n\r\n{_body}"));
    }
}
