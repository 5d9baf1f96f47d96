using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>Measures every contestant of a stream: all of them on the same logins and the same draws.</summary>
public sealed class Evaluation
{
    /// <summary>The share of takeovers among successful logins for which precision is told: 140 of 12.5 million in the RBA data set (Wiefling et al. 2022).</summary>
    private const double TakeoverRate = 1e-5;

    private readonly ScoredStream _stream;
    private readonly EvaluationSettings _settings;
    private readonly Selection _test;
    private readonly IReadOnlyList<float>[] _frozen;
    private readonly List<Sample> _samples = [];
    private readonly List<(HistoryRange Range, Selection Selection, int Contestant, int Sample)> _coldStart = [];
    private readonly int _oracles;
    private readonly Bootstrap _bootstrap;

    private Evaluation(ScoredStream stream, EvaluationSettings settings)
    {
        (_stream, _settings) = (stream, settings);
        var validation = Selection.Of(stream, BenchmarkSplit.Validation, HistoryRange.Known);
        _test = Selection.Of(stream, BenchmarkSplit.Test, HistoryRange.Known);
        _frozen = [.. Contestants.Select(contestant => Sample.Freeze(stream, validation, contestant))];
        foreach (var contestant in Contestants) _samples.Add(Sample.OfContestant(stream, _test, contestant, _frozen[contestant]));
        _oracles = _samples.Count;
        _samples.Add(Sample.OfOracles(stream, _test));
        AddColdStart();
        var everybody = Selection.Of(stream, BenchmarkSplit.Test, HistoryRange.ColdStart[^1]).All().Select(at => stream.Logins[at].Subject);
        _bootstrap = Bootstrap.Run(_samples, everybody, stream.Subjects, settings.Draws, settings.Seed);
    }

    private IEnumerable<int> Contestants => Enumerable.Range(0, _stream.Contestants.Count);

    private IEnumerable<int> Examined => Contestants.Where(contestant => _settings.Examined.Contains(_stream.Contestants[contestant]));

    private IEnumerable<int> Families => Enumerable.Range(0, _stream.Families.Count).Where(family => _test.Attacks[family].Count > 0);

    /// <param name="seed">What the stream was made from; null for a pool and for a file.</param>
    /// <exception cref="ArgumentException">The stream has no contestant of a name that the settings need.</exception>
    public static PopulationReport Run(ScoredStream stream, EvaluationSettings settings, int? seed = null) => new Evaluation(stream, settings).Report(seed);

    private PopulationReport Report(int? seed) => new()
    {
        Seed = seed,
        Honest = _test.Honest.Count,
        Subjects = _test.All().Select(at => _stream.Logins[at].Subject).Distinct().Count(),
        Contestants = [.. Contestants.Select(Told), new ContestantReport(EvaluationSettings.Oracle, [.. Families.Select(family => Family(_oracles, family))], [], [])],
        Gaps = [.. Families.Select(Gap).OfType<GapReport>()],
        Worth =
        [
            .. _settings.Variants.Where(_stream.Contestants.Contains).Select(variant => Worth(variant, _settings.Engine, variant)),
            .. _settings.Additions.Where(_stream.Contestants.Contains).Select(addition => Worth(addition, addition, _settings.Engine)),
        ],
        Foil = [.. new FoilComparison(_stream, _test, IndexOf(_settings.Foil), IndexOf(_settings.Engine), _settings).Run(Families)],
        ColdStart = [.. _coldStart.Select(ColdStart)],
        Reauthentication = [.. Examined.SelectMany(Reauthenticate)],
        Reliability = [.. _settings.Calibrated.Select(name => (Name: name, Figures: Statistics.Reliability.Measure(_stream, _test, IndexOf(name))))
            .Where(found => found.Figures is not null).Select(found => new ReliabilityReport(found.Name, found.Figures!))],
        Curves = seed is null ? [.. Curves()] : [],
    };

    private int IndexOf(string name) => _stream.Contestants.ToList().IndexOf(name) is >= 0 and var at ? at : throw new ArgumentException($"There is no contestant \"{name}\".");

    private void AddColdStart()
    {
        foreach (var range in HistoryRange.ColdStart)
        {
            var selection = Selection.Of(_stream, BenchmarkSplit.Test, range);
            foreach (var contestant in Examined)
            {
                _coldStart.Add((range, selection, contestant, _samples.Count));
                _samples.Add(Sample.OfContestant(_stream, selection, contestant, _frozen[contestant]));
            }
        }
    }

    private ContestantReport Told(int contestant) => new(
        _stream.Contestants[contestant],
        [.. Families.Select(family => Family(contestant, family))],
        [.. Enumerable.Range(0, Operating.Rates.Length).Select(rate => _bootstrap.Of(contestant, rate))],
        [.. _frozen[contestant].Select(threshold => (double)threshold)]);

    private FamilyReport Family(int sample, int family)
    {
        var recall = Figures(sample, family, FigureRow.Recall, Operating.Rates.Length);
        return new FamilyReport(
            _stream.Families[family],
            _test.Attacks[family].Count,
            _bootstrap.Of(sample, Sample.RowOf(family) + FigureRow.Auc),
            _bootstrap.Of(sample, Sample.RowOf(family) + FigureRow.PartialAuc),
            recall,
            Figures(sample, family, FigureRow.ChallengesFor, Operating.Recalls.Length),
            Figures(sample, family, FigureRow.FrozenRecall, sample == _oracles ? 0 : Operating.Rates.Length),
            [.. recall.Select((caught, rate) => TakeoverRate * caught.Value / ((TakeoverRate * caught.Value) + ((1 - TakeoverRate) * Operating.Rates[rate])))]);
    }

    private Estimate[] Figures(int sample, int family, int first, int count) => [.. Enumerable.Range(first, count).Select(figure => _bootstrap.Of(sample, Sample.RowOf(family) + figure))];

    private GapReport? Gap(int family)
    {
        var figure = Sample.RowOf(family) + FigureRow.Recall + Operating.HeadlineIndex;
        var (reference, engine) = (IndexOf(_settings.Reference), IndexOf(_settings.Engine));
        var (from, best) = (_bootstrap.Of(reference, figure), _bootstrap.Of(_oracles, figure));
        if (double.IsNaN(best.Value)) return null;
        return new GapReport(_stream.Families[family], from, _bootstrap.Of(engine, figure), best, best.Low > from.High ? _bootstrap.Combine(Closed) : Estimate.None);

        double Closed(int draw)
        {
            var start = _bootstrap.At(reference, draw, figure);
            return (_bootstrap.At(engine, draw, figure) - start) / (_bootstrap.At(_oracles, draw, figure) - start);
        }
    }

    /// <param name="with">Who has the part.</param>
    /// <param name="without">Who does not.</param>
    private WorthReport Worth(string variant, string with, string without)
    {
        var (engine, rest) = (IndexOf(with), IndexOf(without));
        return new WorthReport(variant, [.. Families.Select(family =>
        {
            var figure = Sample.RowOf(family) + FigureRow.Recall + Operating.HeadlineIndex;
            return new WorthFamily(_stream.Families[family], _bootstrap.Combine(draw => _bootstrap.At(engine, draw, figure) - _bootstrap.At(rest, draw, figure)));
        })]);
    }

    private ColdStartReport ColdStart((HistoryRange Range, Selection Selection, int Contestant, int Sample) cold) => new(
        cold.Range.Name,
        _stream.Contestants[cold.Contestant],
        cold.Selection.Honest.Count,
        _bootstrap.Of(cold.Sample, Operating.HeadlineIndex),
        [.. Enumerable.Range(0, _stream.Families.Count).Where(family => cold.Selection.Attacks[family].Count > 0).Select(family => new ColdStartFamily(
            _stream.Families[family],
            cold.Selection.Attacks[family].Count,
            _bootstrap.Of(cold.Sample, Sample.RowOf(family) + FigureRow.Auc),
            _bootstrap.Of(cold.Sample, Sample.RowOf(family) + FigureRow.FrozenRecall + Operating.HeadlineIndex)))]);

    private IEnumerable<ReauthenticationReport> Reauthenticate(int contestant)
    {
        foreach (var family in Families)
        {
            var attacks = _test.Attacks[family].Select(at => _stream.ScoresOf(contestant)[at]).ToList();
            var most = _samples[_oracles].Curve(family, [Statistics.Reauthentication.OracleRate], All())?[0] ?? 1;
            foreach (var recall in Statistics.Reauthentication.Recalls)
            {
                var reached = Math.Min(recall, most);
                var threshold = Statistics.Reauthentication.ThresholdFor(reached, attacks);
                yield return new ReauthenticationReport(
                    _stream.Contestants[contestant], _stream.Families[family], recall, reached,
                    Statistics.Reauthentication.Count(_stream, contestant, threshold), Statistics.Reauthentication.ByFrequency(_stream, contestant, threshold));
            }
        }
    }

    private IEnumerable<CurveReport> Curves()
    {
        double[] rates = [.. Enumerable.Range(0, 61).Select(step => Math.Pow(10, -3 + (step / 20.0)))];
        var weights = All();
        foreach (var (name, sample) in Examined.Select(contestant => (_stream.Contestants[contestant], contestant)).Append((EvaluationSettings.Oracle, _oracles)))
        {
            foreach (var family in Families)
            {
                if (_samples[sample].Curve(family, rates, weights) is { } recalls) yield return new CurveReport(name, _stream.Families[family], rates, recalls);
            }
        }
    }

    private byte[] All()
    {
        var weights = new byte[_stream.Subjects];
        Array.Fill(weights, (byte)1);
        return weights;
    }
}
