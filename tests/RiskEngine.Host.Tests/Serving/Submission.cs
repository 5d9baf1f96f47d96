using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>One request's worth of logins, with ids by which they are found again: one object, fifty lines or an array of five hundred.</summary>
internal sealed record Submission(int First, int Count)
{
    /// <summary>Subjects that log in, in turn.</summary>
    public const int Subjects = 40;

    private static readonly int[] Sizes = [1, 50, 500];

    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddHours(-2);

    public IEnumerable<int> Numbers => Enumerable.Range(First, Count);

    public static string IdOf(int number) => $"kill-{number}";

    public static string SubjectOf(int number) => $"u{number % Subjects}";

    /// <summary>Cuts a number of events into requests of mixed sizes.</summary>
    public static IEnumerable<Submission> Cut(int events, Random random)
    {
        for (var first = 0; first < events;)
        {
            var size = Sizes[random.Next(Sizes.Length)];
            // Single ones come in runs, so that they are a good part of the load and not only of the requests.
            for (var run = size == 1 ? 40 : 1; run > 0 && first < events; run--)
            {
                var count = Math.Min(size, events - first);
                yield return new Submission(first, count);
                first += count;
            }
        }
    }

    public HttpContent Content()
    {
        var events = Numbers.Select(Login).ToArray();
        return Count switch
        {
            1 => Json.Body(events[0]),
            < 500 => Json.Text(string.Join('\n', events.Select(login => JsonSerializer.Serialize(login))), "application/x-ndjson"),
            _ => Json.Body(events),
        };
    }

    private static Dictionary<string, object?> Login(int number)
    {
        var login = SomeEvent.Login(IdOf(number), ip: $"198.51.100.{1 + (number % Subjects)}", subject: SubjectOf(number));
        login["occurred_at"] = Start.AddMilliseconds(number * 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return login;
    }
}
