namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>A small classifier: gradient boosting of decision stumps with the logistic loss (Friedman, Annals of Statistics 2001).</summary>
/// <remarks>Each feature is cut at up to 23 quantiles; 40 rounds with a step of 0.2 and Newton's leaves. Made once by <see cref="Fit"/>; immutable.</remarks>
internal sealed class BoostedStumps
{
    private const int Rounds = 40;
    private const int Cuts = 24;
    private const double Step = 0.2;
    private const double Ridge = 5;

    private readonly List<(int Feature, float Cut, double Below, double Above)> _stumps = [];

    /// <param name="features">One row a case, all of one length.</param>
    /// <param name="isAttack">What each row is.</param>
    public static BoostedStumps Fit(float[][] features, bool[] isAttack)
    {
        var result = new BoostedStumps();
        var cuts = Enumerable.Range(0, features[0].Length).Select(feature => Quantiles(features, feature)).ToArray();
        var bins = cuts.Select((of, feature) => features.Select(row => (byte)BinOf(of, row[feature])).ToArray()).ToArray();
        var scores = new double[features.Length];
        var gradients = new double[features.Length];
        var curvatures = new double[features.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                var probability = 1 / (1 + Math.Exp(-scores[i]));
                gradients[i] = (isAttack[i] ? 1 : 0) - probability;
                curvatures[i] = probability * (1 - probability);
            }

            result.AddStump(bins, cuts, gradients, curvatures, scores);
        }

        return result;
    }

    public double Score(float[] row)
    {
        double sum = 0;
        foreach (var (feature, cut, below, above) in _stumps) sum += row[feature] <= cut ? below : above;
        return sum;
    }

    private void AddStump(byte[][] bins, float[][] cuts, double[] gradients, double[] curvatures, double[] scores)
    {
        var (bestGain, bestFeature, bestCut, below, above) = (0.0, -1, 0, 0.0, 0.0);
        for (var feature = 0; feature < cuts.Length; feature++)
        {
            var gradient = new double[cuts[feature].Length + 1];
            var curvature = new double[cuts[feature].Length + 1];
            for (var i = 0; i < gradients.Length; i++)
            {
                gradient[bins[feature][i]] += gradients[i];
                curvature[bins[feature][i]] += curvatures[i];
            }

            double left = 0, leftCurvature = 0, all = gradient.Sum(), allCurvature = curvature.Sum();
            for (var cut = 0; cut < cuts[feature].Length; cut++)
            {
                left += gradient[cut];
                leftCurvature += curvature[cut];
                var (right, rightCurvature) = (all - left, allCurvature - leftCurvature);
                var gain = (left * left / (leftCurvature + Ridge)) + (right * right / (rightCurvature + Ridge));
                if (gain <= bestGain) continue;
                (bestGain, bestFeature, bestCut) = (gain, feature, cut);
                (below, above) = (Step * left / (leftCurvature + Ridge), Step * right / (rightCurvature + Ridge));
            }
        }

        if (bestFeature < 0) return;
        _stumps.Add((bestFeature, cuts[bestFeature][bestCut], below, above));
        for (var i = 0; i < scores.Length; i++) scores[i] += bins[bestFeature][i] <= bestCut ? below : above;
    }

    private static float[] Quantiles(float[][] features, int feature)
    {
        var values = features.Select(row => row[feature]).Order().ToArray();
        return [.. Enumerable.Range(1, Cuts - 1).Select(cut => values[cut * (values.Length - 1) / Cuts]).Distinct()];
    }

    private static int BinOf(float[] cuts, float value)
    {
        var found = Array.BinarySearch(cuts, value);
        return found >= 0 ? found : ~found;
    }
}
