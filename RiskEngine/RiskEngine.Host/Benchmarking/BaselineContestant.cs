using RiskEngine.Simulation.Benchmarking.Baselines;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>A baseline among the contestants: is shown the successful logins and learns from those that happened.</summary>
internal sealed class BaselineContestant(IBaseline baseline) : IContestant
{
    public string Name => baseline.Name;

    public ValueTask ScoreAsync(CaseChunk chunk, Memory<double> scores)
    {
        var room = scores.Span;
        for (var i = 0; i < chunk.Cases.Count; i++)
        {
            var login = chunk.Cases[i];
            room[i] = login.IsSuccess ? baseline.Score(login.Subject, login.Attributes) : double.NaN;
            if (login is { IsSuccess: true, Kind: not CaseKind.Probe }) baseline.Learn(login.Subject, login.Attributes);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
