namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>Figures of many samples on the same draws of subjects, so that they can be compared draw by draw.</summary>
internal sealed class Bootstrap
{
    /// <summary>Beside each other at most: the machine has other work.</summary>
    private const int Threads = 2;

    private readonly double[][][] _rows;

    private Bootstrap(double[][][] rows) => _rows = rows;

    /// <param name="samples">What to measure.</param>
    /// <param name="subjects">Subjects there are to draw.</param>
    /// <param name="count">Number of subjects of the stream.</param>
    public static Bootstrap Run(IReadOnlyList<Sample> samples, IEnumerable<int> subjects, int count, int draws, int seed)
    {
        var clusters = new ClusterBootstrap(seed, subjects);
        var rows = new double[samples.Count][][];
        for (var i = 0; i < rows.Length; i++) rows[i] = new double[draws + 1][];
        var weights = new byte[count];
        for (var draw = 0; draw <= draws; draw++)
        {
            if (draw == 0) clusters.TakeAll(weights);
            else clusters.Draw(weights);
            var at = draw;
            Parallel.For(0, samples.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
            {
                rows[i][at] = new double[samples[i].Length];
                samples[i].Measure(weights, rows[i][at]);
            });
        }

        return new Bootstrap(rows);
    }

    /// <summary>A figure of one sample.</summary>
    public Estimate Of(int sample, int figure) => Combine(draw => _rows[sample][draw][figure]);

    /// <summary>A figure made of others, worked out on each draw.</summary>
    /// <param name="figure">Given the number of a draw; 0 is the sample itself.</param>
    public Estimate Combine(Func<int, double> figure) => Estimate.Of(figure(0), Enumerable.Range(1, _rows[0].Length - 1).Select(figure));

    public double At(int sample, int draw, int figure) => _rows[sample][draw][figure];
}
