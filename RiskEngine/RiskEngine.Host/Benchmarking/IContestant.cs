namespace RiskEngine.Host.Benchmarking;

/// <summary>Whoever scores the logins of a benchmark. Fed in order, by one at a time.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>Gets the name that reports write.</summary>
    string Name { get; }

    /// <summary>Scores a chunk of the stream and learns from it.</summary>
    /// <param name="scores">One for each case; NaN where there is none.</param>
    ValueTask ScoreAsync(CaseChunk chunk, Memory<double> scores);
}
