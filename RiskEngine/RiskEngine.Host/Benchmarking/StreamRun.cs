using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Takes a stream past every contestant, two of them at a time.</summary>
internal static class StreamRun
{
    private const int Threads = 2;

    /// <param name="families">Names of the attackers, by the numbers that cases have.</param>
    /// <param name="progress">Told after every chunk of how many cases there were.</param>
    public static async Task<ScoredStream> RunAsync(
        IEnumerable<ParsedCase> stream, IReadOnlyList<string> families, IReadOnlyList<IContestant> contestants, Action<long>? progress, CancellationToken cancellation)
    {
        var scored = new ScoredStream([.. contestants.Select(contestant => contestant.Name)], families);
        var scores = contestants.Select(_ => new double[64]).ToArray();
        var row = new double[contestants.Count];
        long cases = 0;
        foreach (var chunk in CaseChunk.Cut(stream))
        {
            var count = chunk.Cases.Count;
            for (var i = 0; i < scores.Length; i++)
            {
                if (scores[i].Length < count) scores[i] = new double[Math.Max(count, scores[i].Length * 2)];
            }

            await Parallel.ForAsync(
                0, contestants.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation },
                (i, _) => contestants[i].ScoreAsync(chunk, scores[i].AsMemory(0, count)));
            for (var i = 0; i < count; i++)
            {
                if (!chunk.Cases[i].IsSuccess) continue;
                for (var k = 0; k < row.Length; k++) row[k] = scores[k][i];
                scored.Add(chunk.Cases[i], row);
            }

            progress?.Invoke(cases += count);
        }

        return scored;
    }
}
