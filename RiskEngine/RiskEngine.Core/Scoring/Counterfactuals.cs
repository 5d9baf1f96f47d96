using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>What a login would have scored had one signal been absent.</summary>
/// <param name="Without">The signal left out.</param>
/// <param name="Score">The score then.</param>
/// <param name="Level">The level then.</param>
public readonly record struct Counterfactual(SignalCode Without, RiskScore Score, RiskLevel Level);

/// <summary>Answers "and without X?" for every signal of an assessment.</summary>
/// <remarks>
/// Recomputed, not subtracted: with one signal gone the others of its group move up a rank and count for more. For explanations, not for the
/// way of every event: the answer is allocated.
/// </remarks>
public static class Counterfactuals
{
    /// <param name="scorer">The scorer that the assessment was made with; another one answers for its own settings.</param>
    /// <param name="signals">The signals of the assessment.</param>
    /// <returns>One answer a signal, in the same order.</returns>
    public static IReadOnlyList<Counterfactual> Of(Scorer scorer, ReadOnlySpan<SignalRecord> signals)
    {
        var room = new SignalRecord[signals.Length];
        var answers = new Counterfactual[signals.Length];
        for (var i = 0; i < signals.Length; i++)
        {
            var result = scorer.ScoreWithout(signals, signals[i].Code, room);
            answers[i] = new Counterfactual(signals[i].Code, result.Score, result.Level);
        }

        return answers;
    }
}
