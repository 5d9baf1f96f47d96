using System.Diagnostics;
using System.Net;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>Clients that post one request after the other, each on a connection of its own, until nothing is left.</summary>
internal static class Clients
{
    /// <returns>What it took, and the time to each answer in milliseconds, in rising order.</returns>
    public static async Task<(TimeSpan Elapsed, double[] Answers)> PostAsync(IPEndPoint server, IEnumerable<byte[]> requests, int clients)
    {
        using var work = requests.GetEnumerator();
        List<double> times = [];
        var turn = new Lock();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            List<double> mine = [];
            using var connection = new PlainConnection(server);
            await connection.ConnectAsync();
            while (Next() is { } request)
            {
                var sent = Stopwatch.GetTimestamp();
                await connection.SendAsync(request);
                mine.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }

            lock (turn) times.AddRange(mine);
        })));
        times.Sort();
        return (Stopwatch.GetElapsedTime(started), [.. times]);

        byte[]? Next()
        {
            lock (turn) return work.MoveNext() ? work.Current : null;
        }
    }
}
