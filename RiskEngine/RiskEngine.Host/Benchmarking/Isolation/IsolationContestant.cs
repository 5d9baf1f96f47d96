using RiskEngine.Core.Models;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking.Isolation;

/// <summary>Half-space trees over the numbers of a login, alone: no label, no rule, nobody's word. Learns from successful logins that happened.</summary>
internal sealed class IsolationContestant : IContestant
{
    private readonly LoginVector _vector = new();
    private readonly HalfSpaceForest _forest = new(new HalfSpaceSettings { Dimensions = LoginVector.Names.Count });

    public string Name => Contestants.Isolation;

    public ValueTask ScoreAsync(CaseChunk chunk, Memory<double> scores)
    {
        Span<float> point = stackalloc float[LoginVector.Names.Count];
        var room = scores.Span;
        for (var i = 0; i < chunk.Cases.Count; i++)
        {
            var login = chunk.Cases[i];
            room[i] = double.NaN;
            if (!login.IsSuccess) continue;
            _vector.Read(login, point);
            room[i] = _forest.Score(point);
            if (login.Kind == CaseKind.Probe) continue;
            _forest.Learn(point);
            _vector.Learn(login);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
