using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Cli;
using RiskEngine.Storage;

namespace RiskEngine.Host.Benchmarking.Fitting;

/// <summary>Fits weights to what people said of the assessments in a store. Reads it only, also while servers use it.</summary>
/// <remarks>
/// A fit begins with the weights that come with this version whatever is in force, so that fits do not add up; factors move by half at most, one person's
/// labels count for a bounded number, and nothing is fitted to fewer than a few of either kind. What novelty counts stays: its curves need many thousands.
/// </remarks>
internal static class FeedbackFit
{
    private const int Fewest = 5;
    private const double Ridge = 20, Reach = 1.5;

    private static readonly SignalCode[] Kept = [.. SignalCatalogue.All.Select(signal => signal.Code).Where(code => NoveltyCurves.HalfOf(code) != 0)];

    private static ReadOnlySpan<byte> Header => "SQLite format 3\0"u8;

    /// <summary>Whether a file is a store and no log of logins.</summary>
    public static bool IsStore(string path)
    {
        if (!File.Exists(path)) return false;
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[Header.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Header);
    }

    /// <param name="name">What the store is called in messages.</param>
    /// <exception cref="CommandFailure">There are too few labels.</exception>
    public static FusionFitResult Run(IStoredLogins logins, string name, RiskEngineSettings settings, CancellationToken cancellation)
    {
        var words = logins.Words().Where(word => word.Label is FeedbackLabel.Safe or FeedbackLabel.Compromised).ToDictionary(word => (word.Tenant, word.EventId));
        List<(SignalRecord[] Signals, bool IsAttack)> found = [];
        List<(ulong Subject, string Who)> labels = [];
        logins.ReadAll(
            null,
            login =>
            {
                ref readonly var e = ref login.Event;
                var tenant = e.Tenant.IsEmpty ? "default" : login.Batch.String(e.Tenant);
                if (!login.Judged || !words.TryGetValue((tenant, login.Batch.String(e.Id)), out var word)) return;
                found.Add((login.Signals.ToArray(), word.Label == FeedbackLabel.Compromised));
                labels.Add((login.Subject, word.Who));
            },
            cancellation);
        var attacks = found.Count(label => label.IsAttack);
        if (attacks < Fewest || found.Count - attacks < Fewest)
            throw new CommandFailure(ExitCode.Usage, $"{name}: {found.Count - attacks} logins that people called safe and {attacks} compromised; weights are fitted to {Fewest} of each and more. Give feedback on more assessments.");

        var samples = new FusionSamples();
        var shares = LabelShares.Of(labels);
        for (var i = 0; i < found.Count; i++) samples.Add(found[i].Signals, found[i].IsAttack, shares[i]);
        return FusionFit.Run(samples, settings.Scoring, new FusionFitSettings { Start = WeightsReader.Default.ToWeights(), Ridge = Ridge, Reach = Reach, Kept = Kept, HasOwnBaseRate = true });
    }
}
