using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>The records beside the hot path: what people read and change. Every change is audited in the same transaction.</summary>
/// <remarks>Thread-safe. Changes are durable when their task completes.</remarks>
public interface IRecordStore
{
    /// <summary>Gets what is owed to responders; acts add to it by <see cref="AuditEntry.Owed"/>.</summary>
    IOutbox Outbox { get; }

    /// <summary>Gets challenges and what became of them.</summary>
    IChallengeStore Challenges { get; }

    /// <summary>Stored assessments, newest first.</summary>
    ValueTask<AssessmentPage> FindAssessmentsAsync(AssessmentQuery query, CancellationToken cancellationToken);

    /// <summary>The event with that id and its assessment; null where there is none.</summary>
    ValueTask<StoredEvent?> FindEventAsync(string tenant, string eventId, CancellationToken cancellationToken);

    /// <summary>Adds a block and returns it with its id, which is also what <see cref="AuditEntry.OwedFor"/> is asked with. One for the same thing is replaced.</summary>
    ValueTask<Block> AddBlockAsync(Block block, BlockKey key, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Ends a block; null where there is none with that id.</summary>
    ValueTask<Block?> RemoveBlockAsync(long id, AuditEntry audit, CancellationToken cancellationToken);

    ValueTask<Block> AddAllowAsync(Block entry, BlockKey key, AuditEntry audit, CancellationToken cancellationToken);

    ValueTask<Block?> RemoveAllowAsync(long id, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Notes what a person said of an event; false where the event is not stored.</summary>
    ValueTask<bool> AddFeedbackAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>The same, unless <see cref="Feedback.Who"/> has already said something of that event: then nothing is noted.</summary>
    /// <returns>False where it was said before, and where the event is not stored.</returns>
    ValueTask<bool> AddFeedbackOnceAsync(Feedback feedback, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>The last word on each of those events; events of which nobody said anything are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, Feedback>> FindFeedbackAsync(string tenant, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken);

    /// <summary>Events of a subject that were ever called compromised, those of the newest words first, 100 at most.</summary>
    /// <param name="subject">As assessments name it: the id, or the name where there is no id.</param>
    ValueTask<IReadOnlyList<CompromisedEvent>> FindCompromisedAsync(string tenant, string subject, CancellationToken cancellationToken);

    /// <summary>Audits an act that changes nothing in the store.</summary>
    ValueTask AddAuditAsync(AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Records of the audit after one number, oldest first; those whose subject was erased say so.</summary>
    ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Where the chain of the audit begins and where it ends.</summary>
    ValueTask<AuditEnds> ReadAuditEndsAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a subject: its rows go, its events stay as seen without saying whose, its key in the audit is destroyed.</summary>
    /// <remarks>
    /// Goes on when the caller gives up, is finished at the next start where the process ended meanwhile, and may be repeated. What the subject does
    /// afterwards is remembered anew. In the audit it is named by a keyed hash only, in the place of the entry's target.
    /// </remarks>
    /// <exception cref="StateStoreException">It could not be finished; repeat it, or start the store again.</exception>
    ValueTask<ErasureReport> EraseSubjectAsync(SubjectErasure erasure, AuditEntry audit, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key; one of the same name is replaced.</summary>
    ValueTask AddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Adds a key; false, and nothing is changed, where there is one of its name, as where another replica was faster.</summary>
    ValueTask<bool> TryAddKeyAsync(ApiKey key, AuditEntry audit, CancellationToken cancellationToken);

    ValueTask<bool> RevokeKeyAsync(string name, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>The stored cursor of a source; null for none.</summary>
    ValueTask<string?> ReadCursorAsync(string source, CancellationToken cancellationToken);

    /// <summary>Where administrators were seen, as written last.</summary>
    ValueTask<IReadOnlyList<OperatorAddress>> ReadOperatorsAsync(CancellationToken cancellationToken);

    /// <summary>Writes where administrators were seen, in the place of what was there; some dozens at most.</summary>
    ValueTask WriteOperatorsAsync(IReadOnlyList<OperatorAddress> seen, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Size and health of the store, for <c>doctor</c> and metrics.</summary>
    ValueTask<StoreStatistics> StatisticsAsync(CancellationToken cancellationToken);
}

/// <summary>Under which key a block is found, see <see cref="BlockTable.Put"/>.</summary>
public readonly record struct BlockKey(UInt128 Key, int PrefixLength = 128);

/// <summary>Which assessments to list; null means "any".</summary>
public sealed record AssessmentQuery
{
    /// <summary>Key of the subject, see <see cref="StateKeys.Subject"/>.</summary>
    public UInt128? Subject { get; init; }

    public IpAddress? Address { get; init; }

    public RiskLevel? MinimumLevel { get; init; }

    public EventTime? Since { get; init; }

    /// <summary>Gets whether events of kinds that are not judged are found too, which have no assessment and are of no level.</summary>
    /// <value>The default is false.</value>
    public bool WithUnjudged { get; init; }

    /// <summary>Opaque: <see cref="AssessmentPage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 1,000.</summary>
    public int Limit { get; init; } = 100;
}

/// <param name="Items">What matched. May be short of the limit, or empty, although there is more: a search looks at a bounded number of events at a time.</param>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record AssessmentPage(IReadOnlyList<StoredEvent> Items, string? Next);

/// <summary>What a person said of an event.</summary>
public sealed record Feedback(string Tenant, string EventId, FeedbackLabel Label, string Note, string Who, EventTime At);

/// <summary>An event that was called compromised.</summary>
/// <param name="Stands">Whether that is the last word on it.</param>
public sealed record CompromisedEvent(string EventId, bool Stands)
{
    /// <summary>Events that are told at most.</summary>
    public const int Most = 100;
}

/// <summary>A key to the interface, by the SHA-256 of its secret; the secret itself is shown once and not kept.</summary>
public sealed record ApiKey(string Name, byte[] Sha256, IReadOnlyList<string> Scopes, EventTime CreatedAt, EventTime? Until);

/// <param name="Events">Events stored.</param>
/// <param name="Subjects">Profiles stored.</param>
/// <param name="SizeBytes">Bytes on disk; 0 for memory.</param>
/// <param name="Evictions">Rows given up for a cap, by table.</param>
public sealed record StoreStatistics(long Events, long Subjects, long Addresses, long SizeBytes, IReadOnlyDictionary<string, long> Evictions);
