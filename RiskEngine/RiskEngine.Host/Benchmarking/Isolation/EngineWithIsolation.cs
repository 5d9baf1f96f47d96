namespace RiskEngine.Host.Benchmarking.Isolation;

/// <summary>The engine with half-space trees added: what an unsupervised model would be worth to it.</summary>
/// <param name="weight">What a nat of isolation counts beside other evidence.</param>
/// <remarks>The engine decides and learns as without; only its score is another.</remarks>
internal sealed class EngineWithIsolation(string name, EngineContestant engine, double weight) : IContestant
{
    private readonly IsolationContestant _isolation = new();
    private double[] _isolated = [];

    public string Name => name;

    public async ValueTask ScoreAsync(CaseChunk chunk, Memory<double> scores)
    {
        if (_isolated.Length < scores.Length) _isolated = new double[scores.Length];
        await engine.ScoreAsync(chunk, scores);
        await _isolation.ScoreAsync(chunk, _isolated.AsMemory(0, scores.Length));
        for (var i = 0; i < scores.Length; i++) scores.Span[i] += weight * _isolated[i];
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
