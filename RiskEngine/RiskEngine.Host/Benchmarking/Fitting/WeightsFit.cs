using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Cli;

namespace RiskEngine.Host.Benchmarking.Fitting;

/// <summary>Fits weights, and says what came of it.</summary>
internal static class WeightsFit
{
    /// <summary>Fits weights and curves to labelled logins, beginning with evidence as the detectors give it.</summary>
    /// <param name="kept">Signals whose factors stay as they are.</param>
    /// <exception cref="CommandFailure">There is too little to fit to.</exception>
    public static FusionFitResult Run(FitCollector collected, RiskEngineSettings settings, IReadOnlyCollection<SignalCode> kept)
    {
        var samples = collected.Balanced();
        if (samples.Attacks == 0 || samples.Attacks == samples.Count)
            throw new CommandFailure(ExitCode.Usage, $"--fit: the part of the time that is for fitting has {samples.Count - samples.Attacks} honest logins and {samples.Attacks} attacks of kinds with at least {FitCollector.FewestCases}; both are needed.");
        return FusionFit.Run(samples, settings.Scoring, new FusionFitSettings { FitsCurves = true, Kept = kept });
    }

    /// <param name="method">How it was made, with the command.</param>
    /// <param name="data">What it was fitted on.</param>
    public static WeightsFile ToFile(FusionFitResult fit, string method, string data, DateTimeOffset at) => WeightsFile.Of(fit.Weights, new WeightsProvenance
    {
        Method = method,
        Data = data,
        Day = at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Honest = fit.Honest,
        Attacks = fit.Attacks,
        LossBefore = fit.Before,
        LossAfter = fit.After,
    });

    /// <summary>What moved, in words: a line for each signal that was seen.</summary>
    public static IEnumerable<string> Lines(FusionFitResult fit)
    {
        yield return $"Weights fitted to {fit.Honest:N0} honest logins and {fit.Attacks:N0} attacks in {fit.Steps} steps: mean loss {fit.Before:F4} before, {fit.After:F4} after.";
        yield return $"  slopes of the device  {Listed(fit.Weights.Curves.Device)}";
        yield return $"  slopes of the place   {Listed(fit.Weights.Curves.Place)}";
        yield return $"  slopes of both        {Listed(fit.Weights.Curves.Both)}";
        yield return $"  {"signal",-28} {"seen for",10} {"counts",7} {"seen against",13} {"counts",7}";
        foreach (var signal in SignalCatalogue.All)
        {
            if (!fit.Seen.TryGetValue(signal.Code, out var seen)) continue;
            var now = fit.Weights[signal.Code];
            yield return $"  {signal.Name,-28} {seen.For,10:N0} {now.For,7:F3} {seen.Against,13:N0} {now.Against,7:F3}";
        }
    }

    private static string Listed(IReadOnlyList<double> slopes) => string.Join("  ", slopes.Select(slope => slope.ToString("F3", System.Globalization.CultureInfo.InvariantCulture)));
}
