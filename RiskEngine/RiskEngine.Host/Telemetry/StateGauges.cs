using System.Diagnostics.Metrics;
using System.Reflection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is read when somebody scrapes: standing blocks, queues, the age of facts, what the store gave up, the build.</summary>
internal static class StateGauges
{
    private static readonly (SubmissionFailure Value, string Name)[] FailureNames =
    [
        (SubmissionFailure.NoRoom, "no_room"), (SubmissionFailure.Waited, "waited"), (SubmissionFailure.Unanswered, "unanswered"),
        (SubmissionFailure.Store, "store"), (SubmissionFailure.Poison, "poison"),
    ];

    public static void Register(InstrumentSet instruments, ServerParts parts, StoreWatch watch)
    {
        instruments.Gauge("riskengine_blocks_active", "Blocks in force, of those that are enforced; of more than 5,000 as of the last 15 seconds.", () => Blocks(watch.Blocks));
        instruments.Gauge("riskengine_queue_depth", "Submissions that wait for the judge.", () => [new(parts.Judge.QueueDepth, Label("queue", "judge"))]);
        instruments.Gauge("riskengine_queue_capacity", "Submissions that may wait.", () => [new(parts.Pipeline.QueueCapacity, Label("queue", "judge"))]);
        instruments.ReadCounter(
            "riskengine_submissions_failed_total", "Submissions of events not answered with success: no_room and waited (busy, nothing taken), unanswered (taken, the store did not answer in time), store (it failed), poison (these events cannot be judged; a fault of ours, the log says which).",
            () => FailureNames.Select(failure => new Measurement<long>(parts.Judge.Failures.Count(failure.Value), Label("reason", failure.Name))));
        instruments.Gauge("riskengine_feed_age_seconds", "Age of a feed's content.", () => Facts(parts, "feed", IsFeed, source => Age(parts, source)));
        instruments.Gauge("riskengine_feed_entries", "Addresses and ranges that a feed names; 0 for one that is configured and of which nothing is in use.", () => FeedEntries(parts));
        instruments.Gauge(
            "riskengine_geo_database_age_seconds", "Age of a database of places or networks, by its content.", () => Facts(parts, "database", source => !IsFeed(source), source => Age(parts, source)));
        instruments.Gauge("riskengine_build_info", "The build that runs; always 1.", () => [new(1, Build)]);
        instruments.Gauge("riskengine_outbox_depth", "Items that wait for a responder, as of the last 15 seconds.", () => Outbox(parts, watch, depth => depth.Waiting));
        instruments.Gauge("riskengine_outbox_dead_letters", "Items that were given up and are kept for somebody to look at.", () => Outbox(parts, watch, depth => depth.Dead));
        instruments.ReadCounter(
            "riskengine_table_evictions_total", "Rows given up because a table was full.",
            () => watch.Statistics.Evictions.Select(table => new Measurement<long>(table.Value, Label("table", table.Key))));
    }

    private static KeyValuePair<string, object?>[] Build
    {
        get
        {
            var version = typeof(StateGauges).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
            var parts = version.Split('+', 2);
            return [Label("version", parts[0]), Label("commit", parts.Length > 1 ? parts[1] : "unknown")];
        }
    }

    private static IEnumerable<Measurement<double>> Blocks(BlockCounts blocks)
    {
        var counts = blocks.Read();
        for (var scope = 0; scope < BlockNames.AllScopes.Count; scope++)
        {
            for (var origin = 0; origin < BlockNames.AllOrigins.Count; origin++)
            {
                yield return new(counts[scope, origin], Label("scope", BlockNames.AllScopes[scope]), Label("origin", BlockNames.AllOrigins[origin]));
            }
        }
    }

    private static IEnumerable<Measurement<double>> Facts(ServerParts parts, string label, Func<FactSource, bool> which, Func<FactSource, double> value) =>
        parts.Facts.Sources.Where(which).Select(source => new Measurement<double>(value(source), Label(label, source.Name)));

    /// <summary>A feed that is configured and of which nothing serves counts none: what has no series, nobody is warned of.</summary>
    private static IEnumerable<Measurement<double>> FeedEntries(ServerParts parts) =>
        Facts(parts, "feed", IsFeed, source => source.Entries).Concat(parts.Facts.UnloadedFeeds.Select(feed => new Measurement<double>(0, Label("feed", feed))));

    /// <summary>Of every responder there is, and of those that are owed something although they are gone.</summary>
    private static IEnumerable<Measurement<double>> Outbox(ServerParts parts, StoreWatch watch, Func<OutboxDepth, double> value)
    {
        var depths = watch.Outbox;
        return depths.Select(depth => new Measurement<double>(value(depth), Label("responder", depth.Responder)))
            .Concat(parts.Telemetry.Responders.Names.Except(depths.Select(depth => depth.Responder)).Select(name => new Measurement<double>(0, Label("responder", name))));
    }

    private static bool IsFeed(FactSource source) => source.Kind == FactKind.Feed;

    private static double Age(ServerParts parts, FactSource source) => source.AgeAt(parts.Clock.GetUtcNow()).TotalSeconds;

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
