using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>One request's worth of logins, with ids by which they are found again: one object, fifty lines or an array of five hundred.</summary>
internal sealed record Submission(int First, int Count)
{
    /// <summary>Subjects that log in, in turn.</summary>
    public const int Subjects = 40;

    private static readonly int[] Sizes = [1, 50, 500];

    /// <summary>Noon, so that no day ends among them and what counts once a day does not hang on their order.</summary>
    private static readonly DateTimeOffset Start = new(DateTimeOffset.UtcNow.AddDays(-1).Date.AddHours(12), TimeSpan.Zero);

    /// <summary>Gets what lies between the numbers of two events.</summary>
    public int Step { get; init; } = 1;

    public IEnumerable<int> Numbers => Enumerable.Range(0, Count).Select(i => First + (i * Step));

    /// <summary>Cuts the events of one part of several into requests of fifty. Where the parts divide <see cref="Subjects"/>, each has subjects of its own.</summary>
    public static IEnumerable<Submission> CutPart(int events, int part, int parts)
    {
        const int Size = 50;
        for (var first = part; first < events; first += Size * parts)
            yield return new Submission(first, Math.Min(Size, (events - first + parts - 1) / parts)) { Step = parts };
    }

    public static string IdOf(int number) => $"kill-{number}";

    public static string SubjectOf(int number) => $"u{number % Subjects}";

    public static string AddressOf(int number) => $"198.51.100.{1 + (number % Subjects)}";

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

    /// <summary>The event time that so many events take up.</summary>
    public static TimeSpan SpanOf(int events) => TimeSpan.FromMilliseconds(events * 100);

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
        var login = SomeEvent.Login(IdOf(number), ip: AddressOf(number), subject: SubjectOf(number));
        login["occurred_at"] = (Start + SpanOf(number)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return login;
    }
}
