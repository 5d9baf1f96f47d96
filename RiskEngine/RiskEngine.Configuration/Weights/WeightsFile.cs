using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Configuration;

/// <summary>Where weights come from, for people.</summary>
public sealed record WeightsProvenance
{
    /// <summary>Gets how they were made, with the command.</summary>
    public required string Method { get; init; }

    /// <summary>Gets what they were fitted on.</summary>
    public required string Data { get; init; }

    /// <summary>Gets the day, as <c>2026-01-31</c>.</summary>
    public required string Day { get; init; }

    /// <summary>Gets the honest logins and the attacks among the samples.</summary>
    public int Honest { get; init; }

    public int Attacks { get; init; }

    /// <summary>Gets the mean log-loss in nats with the weights it began with, and with these.</summary>
    public double LossBefore { get; init; }

    public double LossAfter { get; init; }
}

/// <summary>The weight of one signal as the file has it.</summary>
public sealed record WeightEntry
{
    [Range(FusionWeights.Least, FusionWeights.Most)]
    public required double For { get; init; }

    [Range(FusionWeights.Least, FusionWeights.Most)]
    public required double Against { get; init; }
}

/// <summary>The curves of novelty as the file has them: slopes from piece to piece.</summary>
public sealed record CurveEntries : IValidatableObject
{
    /// <summary>Gets the slopes for the device, between <see cref="NoveltyCurves.Knots"/>.</summary>
    public required IReadOnlyList<double> Device { get; init; }

    /// <summary>Gets the slopes for the place, between <see cref="NoveltyCurves.Knots"/>.</summary>
    public required IReadOnlyList<double> Place { get; init; }

    /// <summary>Gets the slopes for both at once, between <see cref="NoveltyCurves.BothKnots"/>.</summary>
    public required IReadOnlyList<double> Both { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, slopes, knots) in new[] { (nameof(Device), Device, NoveltyCurves.Knots), (nameof(Place), Place, NoveltyCurves.Knots), (nameof(Both), Both, NoveltyCurves.BothKnots) })
        {
            if (slopes.Count != knots.Count - 1) yield return new ValidationResult($"expected {knots.Count - 1} slopes, found {slopes.Count}", [name]);
            else if (slopes.Any(slope => slope is not (>= 0 and <= FusionWeights.Most))) yield return new ValidationResult($"expected slopes of 0 to {FusionWeights.Most}", [name]);
        }
    }
}

/// <summary>The content of a file of weights. It names every signal and carries a digest, so that half a file is never taken for a whole one. Immutable.</summary>
public sealed record WeightsFile : IValidatableObject
{
    /// <summary>The version of the format that is written and read.</summary>
    public const int Format = 1;

    /// <summary>Gets the version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the generation of the detectors that the weights belong to, see <see cref="RiskEngine.Core.Detection.Detectors.Generation"/>.</summary>
    public required int Detectors { get; init; }

    public required WeightsProvenance Provenance { get; init; }

    /// <summary>Gets the digest of curves and weights, see <see cref="DigestOf"/>.</summary>
    public required string Digest { get; init; }

    public required CurveEntries Curves { get; init; }

    /// <summary>Gets the weight of every signal by its name.</summary>
    public required IReadOnlyDictionary<string, WeightEntry> Weights { get; init; }

    /// <summary>A file of weights.</summary>
    public static WeightsFile Of(FusionWeights weights, WeightsProvenance provenance)
    {
        var entries = SignalCatalogue.All.ToDictionary(signal => signal.Name, signal => new WeightEntry { For = Rounded(weights[signal.Code].For), Against = Rounded(weights[signal.Code].Against) });
        var curves = new CurveEntries { Device = Rounded(weights.Curves.Device), Place = Rounded(weights.Curves.Place), Both = Rounded(weights.Curves.Both) };
        return new WeightsFile { Version = Format, Detectors = RiskEngine.Core.Detection.Detectors.Generation, Provenance = provenance, Digest = DigestOf(curves, entries), Curves = curves, Weights = entries };
    }

    /// <summary>The weights themselves. Only of a file that is valid.</summary>
    public FusionWeights ToWeights() => new(
        Weights.ToDictionary(entry => SignalCatalogue.TryParse(entry.Key, out var code) ? code : SignalCode.None, entry => new SignalWeight(entry.Value.For, entry.Value.Against)),
        new NoveltyCurves(Curves.Device, Curves.Place, Curves.Both));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Version != Format) yield return new ValidationResult($"expected {Format}, found {Version}: the file is of {(Version > Format ? "a newer" : "an older")} RiskEngine; fit it anew with this one", [nameof(Version)]);
        if (Detectors != RiskEngine.Core.Detection.Detectors.Generation)
            yield return new ValidationResult($"expected {RiskEngine.Core.Detection.Detectors.Generation}, found {Detectors}: the weights were fitted for other detectors; fit them anew with this version", [nameof(Detectors)]);
        var names = SignalCatalogue.All.Select(signal => signal.Name).ToList();
        foreach (var name in Weights.Keys.Except(names)) yield return new ValidationResult($"there is no such signal{NearestName.Suggest(name, names)}", [$"{nameof(Weights)}.{name}"]);
        var missing = names.Except(Weights.Keys).ToList();
        if (missing.Count > 0) yield return new ValidationResult($"lacks {missing.Count} signals, {missing[0]} among them: was the file cut?", [nameof(Weights)]);
        else if (DigestOf(Curves, Weights) is var digest && digest != Digest)
            yield return new ValidationResult($"expected {digest}, found {Digest}: the weights are not those that were written; where you changed them and mean it, write that digest", [nameof(Digest)]);
    }

    /// <summary>Writes the file as YAML.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder();
        text.Append("# How much the evidence of each signal counts, for abuse and against it: factors on nats.\n# docs/detection.md tells what they are, docs/benchmark.md how to fit them anew.\n");
        Line($"version: {Version}\ndetectors: {Detectors}\nprovenance:");
        Line($"  method: {Quoted(Provenance.Method)}");
        Line($"  data: {Quoted(Provenance.Data)}");
        Line($"  day: {Quoted(Provenance.Day)}");
        Line($"  honest: {Provenance.Honest}");
        Line($"  attacks: {Provenance.Attacks}");
        Line($"  loss_before: {Provenance.LossBefore:F6}");
        Line($"  loss_after: {Provenance.LossAfter:F6}");
        Line($"digest: {Quoted(Digest)}");
        text.Append("# Slopes from piece to piece: device and place at ").AppendJoin(", ", NoveltyCurves.Knots).Append(" nats, both at once at ").AppendJoin(", ", NoveltyCurves.BothKnots).Append(".\n");
        Line($"curves:\n  device: {Listed(Curves.Device)}\n  place: {Listed(Curves.Place)}\n  both: {Listed(Curves.Both)}\nweights:");
        foreach (var (name, weight) in Weights) Line($"  {name}: {{ for: {weight.For:F3}, against: {weight.Against:F3} }}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>The first half of the SHA-256 of the curves and of all weights in the order of their signals, three digits after the point.</summary>
    public static string DigestOf(CurveEntries curves, IReadOnlyDictionary<string, WeightEntry> weights)
    {
        var slopes = $"{Listed(curves.Device)}\n{Listed(curves.Place)}\n{Listed(curves.Both)}\n";
        var lines = SignalCatalogue.All.Where(signal => weights.ContainsKey(signal.Name))
            .Select(signal => string.Create(CultureInfo.InvariantCulture, $"{signal.Name} {weights[signal.Name].For:F3} {weights[signal.Name].Against:F3}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(slopes + string.Concat(lines))).AsSpan(0, 16));
    }

    private static double Rounded(double factor) => Math.Clamp(Math.Round(factor, 3), FusionWeights.Least, FusionWeights.Most);

    private static double[] Rounded(IReadOnlyList<double> slopes) => [.. slopes.Select(slope => Math.Round(slope, 3))];

    private static string Listed(IReadOnlyList<double> slopes) => $"[{string.Join(", ", slopes.Select(slope => slope.ToString("F3", CultureInfo.InvariantCulture)))}]";

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
