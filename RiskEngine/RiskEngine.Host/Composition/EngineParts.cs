using System.Security.Cryptography;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Core.State;
using RiskEngine.Facts;
using RiskEngine.Host.Cli;

namespace RiskEngine.Host.Composition;

/// <summary>Builds engines from settings and facts: the same for serving, replaying and everything else that judges.</summary>
internal static class EngineParts
{
    private static readonly TimeSpan FactsInterval = TimeSpan.FromSeconds(15);

    /// <summary>Which files of facts the settings name.</summary>
    public static FactFiles FilesOf(RiskEngineSettings settings) => new()
    {
        City = settings.Geo.City,
        Asn = settings.Geo.Asn,
        Feeds = [.. settings.Feeds.Select(feed => new FeedFile { Name = feed.Name, Path = feed.Path, Group = feed.Group, Evidence = (float)feed.Worth, IsOurs = feed.Crowdsec.Url is not null })],
    };

    /// <summary>Loads the facts and watches their files.</summary>
    /// <param name="tell">Told of what is missing, refused or read with lines left out, in words.</param>
    /// <param name="onChange">Told of every later load; null for nobody.</param>
    public static FactWatcher LoadFacts(RiskEngineSettings settings, Action<string> tell, Action<FactLoad>? onChange = null)
    {
        var watcher = new FactWatcher(FilesOf(settings), TimeProvider.System, FactsInterval, onChange);
        foreach (var file in watcher.Current.Files.Where(file => file.IsToBeTold)) tell(file.ToString());
        return watcher;
    }

    /// <summary>Builds an engine.</summary>
    /// <param name="weights">What signals count in the place of what the settings name; null for that.</param>
    /// <exception cref="CommandFailure">The policy or a setting is faulty; the message lists every fault.</exception>
    public static Engine Build(RiskEngineSettings settings, FactSnapshot facts, KeyedHash hash, WeightsFile? weights = null)
    {
        var (engine, faults) = TryBuild(settings, facts, hash, seen: [], out _, weights);
        return engine ?? throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
    }

    /// <summary>The same engine with other facts. Nothing is read anew, so new facts bring neither another policy nor other weights.</summary>
    /// <param name="seen">Where administrators were seen, beside those the settings name.</param>
    /// <returns>Null where the policy in force cannot be had with these facts; the faults say why.</returns>
    public static (Engine? Engine, IReadOnlyList<PolicyFault> Faults) WithFacts(Engine engine, RiskEngineSettings settings, FactSnapshot facts, KeyedHash hash, IReadOnlyList<AddressPrefix> seen)
    {
        var (before, names) = (engine.Snapshot, FeedNames(settings, facts));
        IReadOnlyList<PolicyFault> faults = [];
        // Conditions know feeds by their numbers, which are others where one has come or gone.
        var policy = names.SequenceEqual(FeedNames(settings, before.Facts)) ? before.Policy : CompiledPolicy.TryCompile(before.Policy.Definition, names, out faults);
        return (policy is null ? null : new Engine(before with { Facts = facts, Policy = policy }, hash, [.. settings.Http.OperatorAddresses, .. seen]), faults);
    }

    /// <param name="seen">Where administrators were seen, beside those the settings name.</param>
    /// <param name="subscriptions">What responders want to hear of; null for nobody.</param>
    /// <param name="policyFiles">Full paths of the files of the policy, those it includes and those of its lists among them.</param>
    public static (Engine? Engine, IReadOnlyList<ConfigurationFault> Faults) TryBuild(
        RiskEngineSettings settings, FactSnapshot facts, KeyedHash hash, IReadOnlyList<AddressPrefix> seen, out IReadOnlyList<string> policyFiles, WeightsFile? given = null,
        IReadOnlyList<IOutboxSubscription>? subscriptions = null)
    {
        var (policy, faults) = PolicyReader.Load(settings.Policy.File, settings.Policy.Mode, FeedNames(settings, facts), out policyFiles);
        var (weights, misfits) = given is null ? WeightsReader.Load(settings.Model.Weights) : (given, []);
        if (policy is null || weights is null) return (null, [.. faults, .. misfits]);
        var snapshot = new Snapshot
        {
            Detectors = Detectors.From(settings.Detection with { HoneyAccount = settings.Detection.HoneyAccount.WithPseudonyms(KafkaParts.SharedHash(settings.Kafka) ?? hash) }),
            Scorer = new Scorer(settings.Scoring, weights.ToWeights()),
            Likelihood = new LikelihoodModel(settings.Model.Likelihood),
            Fleet = settings.Model.Fleet,
            Policy = policy,
            Facts = facts,
            ModelVersion = VersionOf(settings, weights),
            Valve = settings.Policy.Valve,
            Subscriptions = subscriptions ?? [],
        };
        return (new Engine(snapshot, hash, [.. settings.Http.OperatorAddresses, .. seen]), []);
    }

    /// <summary>Names of feeds by their index in the facts; behind them those whose files are missing or refused, which a policy may name and nothing hits.</summary>
    internal static IReadOnlyList<string> FeedNames(RiskEngineSettings settings, FactSnapshot facts)
    {
        string[] loaded = [.. Enumerable.Range(0, facts.FeedCount).Select(facts.FeedName)];
        return [.. loaded, .. settings.Feeds.Select(feed => feed.Name).Except(loaded)];
    }

    /// <summary>The same for the same detectors, settings and weights, wherever the weights were read.</summary>
    private static string VersionOf(RiskEngineSettings settings, WeightsFile weights)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new { Detectors.Generation, settings.Detection, settings.Model.Likelihood, settings.Model.Fleet, settings.Scoring, weights.Digest });
        return Convert.ToHexStringLower(SHA256.HashData(content))[..12];
    }
}
