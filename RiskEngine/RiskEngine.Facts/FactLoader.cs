using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>Reads the files of facts, verifies each and builds a snapshot. Never throws for what a file is or holds.</summary>
/// <remarks>
/// A file that is unchanged since the last load is not read again. A changed one is verified before use; when it is cut off, corrupt, empty, of another
/// kind, or has shrunk by more than <see cref="MaximumShrinkage"/> against the content in use, it is refused and that content serves on. A refused file is
/// looked at again when it changes. A missing file leaves its facts unknown, or serves on when it was there before. A feed that this program writes itself
/// (<see cref="FeedFile.IsOurs"/>) may shrink as far as it likes and name nobody.
/// </remarks>
/// <param name="time">Says when content was loaded.</param>
public sealed class FactLoader(TimeProvider time)
{
    /// <summary>The part of its entries that a file may lose from one version to the next. Real feeds halve overnight; to lose four fifths is a broken download.</summary>
    public const double MaximumShrinkage = 0.8;

    /// <param name="files">What to load.</param>
    /// <param name="previous">The last load, or <see cref="FactLoad.Empty"/>.</param>
    public FactLoad Load(FactFiles files, FactLoad previous) => Load(files, previous, _ => true);

    /// <param name="mayRead">Whether a changed file is ready to be read; one that is not counts as unchanged.</param>
    internal FactLoad Load(FactFiles files, FactLoad previous, Predicate<FactFileKey> mayRead)
    {
        var states = new Dictionary<FactFileKey, FactFileState>();
        var reports = new List<FactFileReport>();
        var sources = new List<FactSource>();
        List<MmdbReader> city = [];
        List<AsnDatabase> asn = [];
        List<Feed> feeds = [];
        List<string> unloaded = [];

        foreach (var path in files.City)
        {
            if (Take(new FactFileKey(FactKind.City, path), Path.GetFileName(path))?.City is { } database) city.Add(database);
        }

        foreach (var path in files.Asn)
        {
            if (Take(new FactFileKey(FactKind.Asn, path), Path.GetFileName(path))?.Asn is { } database) asn.Add(database);
        }

        foreach (var file in files.Feeds.Take(FeedSet.MaximumFeeds))
        {
            if (Take(KeyOf(file), file.Name)?.Feed is { } feed) feeds.Add(new Feed(file.Name, file.Group, file.Evidence, feed));
            else unloaded.Add(file.Name);
        }

        foreach (var file in files.Feeds.Skip(FeedSet.MaximumFeeds))
        {
            unloaded.Add(file.Name);
            reports.Add(new FactFileReport(file.Path, file.Name, FactKind.Feed, FactFileOutcome.Refused)
            {
                Reason = "there are more than 255 feeds",
                Remedy = FactRemedies.For(FactKind.Feed, RefusalKind.TooMany, servesOn: false),
            });
        }

        var parts = new FactParts { City = city, Asn = asn, Feeds = feeds, UnloadedFeeds = unloaded, Sources = sources };
        return new FactLoad(new FactSnapshot(parts), reports, states);

        FactContent? Take(FactFileKey key, string name)
        {
            var (kind, path, _) = key;
            var outcome = FactFileOutcome.Unchanged;
            if (!states.TryGetValue(key, out var state))
            {
                state = Examine(key, previous.States.GetValueOrDefault(key), mayRead, out outcome);
                states.Add(key, state);
            }

            var content = state.Serving;
            reports.Add(new FactFileReport(path, name, kind, outcome)
            {
                IsServing = content is not null,
                Entries = content?.Entries ?? 0,
                Defects = content?.Defects ?? 0,
                LeftOut = content?.LeftOut,
                BuiltAt = content?.BuiltAt,
                Reason = state.Refusal?.Reason,
                Remedy = state.Refusal is { } refusal ? FactRemedies.For(kind, refusal.Kind, content is not null) : null,
            });
            if (content is not null) sources.Add(new FactSource(name, kind, content.Entries, content.BuiltAt, content.LoadedAt, content.Hash));
            return content;
        }
    }

    /// <summary>Whether the files differ from what was last looked at.</summary>
    internal static IEnumerable<(FactFileKey Key, FileStamp? Stamp)> Changes(FactFiles files, FactLoad previous)
    {
        var keys = files.City.Select(path => new FactFileKey(FactKind.City, path))
            .Concat(files.Asn.Select(path => new FactFileKey(FactKind.Asn, path)))
            .Concat(files.Feeds.Select(KeyOf));
        foreach (var key in keys.Distinct())
        {
            var stamp = FileStamp.Of(key.Path);
            if (!previous.States.TryGetValue(key, out var state) || state.Stamp != stamp) yield return (key, stamp);
        }
    }

    private static FactFileKey KeyOf(FeedFile file) => new(FactKind.Feed, file.Path, file.IsOurs);

    private FactFileState Examine(FactFileKey key, FactFileState? before, Predicate<FactFileKey> mayRead, out FactFileOutcome outcome)
    {
        var stamp = FileStamp.Of(key.Path);
        if (before is not null && (before.Stamp == stamp || !mayRead(key)))
        {
            outcome = before.Refusal is null ? FactFileOutcome.Unchanged : before.Stamp is null ? FactFileOutcome.Missing : FactFileOutcome.Refused;
            return before;
        }

        if (stamp is not { } seen)
        {
            outcome = FactFileOutcome.Missing;
            return new FactFileState(null, before?.Serving, new Refusal(RefusalKind.Missing, "the file is missing or may not be seen"));
        }

        FactContent? content = null;
        var refusal = FileBytes.TryRead(key.Path, seen, out var bytes)
            ?? (FactContent.TryRead(key, bytes, seen, time.GetUtcNow(), out content) is { } fault ? new Refusal(RefusalKind.Unusable, fault) : (Refusal?)null)
            ?? (key.IsOurs ? null : Shrinkage(content!, before?.Serving));
        outcome = refusal is null ? FactFileOutcome.Loaded : FactFileOutcome.Refused;
        return refusal is { } refused
            ? new FactFileState(refused.Kind == RefusalKind.BeingWritten ? default(FileStamp) : seen, before?.Serving, refused)
            : new FactFileState(seen, content, null);
    }

    private static Refusal? Shrinkage(FactContent content, FactContent? serving)
    {
        if (serving is null || content.Entries >= serving.Entries * (1 - MaximumShrinkage)) return null;
        return new Refusal(RefusalKind.Shrunk, $"it shrank from {serving.Entries} to {content.Entries} entries");
    }
}
