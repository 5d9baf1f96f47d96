using System.ComponentModel.DataAnnotations;
using RiskEngine.Storage.Redis;

namespace RiskEngine.Storage.Shared;

/// <summary>Where the shared store lies and for how long it keeps what it wrote.</summary>
public sealed record SharedStoreSettings
{
    /// <summary>Gets the connection string of Npgsql, under <c>postgres.connection_string</c>. May hold a secret: never told.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Gets the password in the place of the one in the connection string; null to leave that.</summary>
    public string? Password { get; init; }

    /// <summary>Gets how long PostgreSQL is waited for: for a connection, and for each answer.</summary>
    /// <value>1 second to 10 minutes, in whole seconds. The default is 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public RedisSettings Redis { get; init; } = new();

    /// <summary>Gets how many events are kept with their assessments; whole days go, the oldest first, down to those within which repeats are told.</summary>
    /// <value>1,000 to 10,000,000,000. The default is 50,000,000.</value>
    [Range(1_000L, 10_000_000_000L)]
    public long Events { get; init; } = 50_000_000;

    /// <summary>Gets for how long events are kept, by event time.</summary>
    /// <value>8 days to 10 years. The default is 90 days.</value>
    public TimeSpan EventAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Gets for how long a subject's profile is kept after it last changed.</summary>
    /// <value>1 day to 10 years. The default is 400 days.</value>
    public TimeSpan ProfileAge { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Gets for how long reputation and pairs are kept after they last changed; their counts have faded long before.</summary>
    /// <value>1 day to 10 years. The default is 90 days.</value>
    public TimeSpan ReputationAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Gets for how long words of people on events are kept.</summary>
    /// <value>1 day to 10 years. The default is 400 days.</value>
    public TimeSpan FeedbackAge { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Gets for how long records of the audit are kept.</summary>
    /// <value>30 days to 10 years. The default is 730 days.</value>
    public TimeSpan AuditAge { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Gets how many items may wait for one responder, and how many of its dead letters are kept.</summary>
    /// <value>1 to 1,000,000. The default is 50,000.</value>
    [Range(1, 1_000_000)]
    public int OutboxCapacity { get; init; } = 50_000;

    /// <summary>Gets for how long one replica leads, or polls, without renewing that: how long nobody delivers, carries rows over and tidies up, or polls, when it is killed.</summary>
    /// <value>1 second to 10 minutes. The default is 15 seconds.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets whether this program may lead: deliver, carry rows over and tidy up for all. A command that only looks or changes something does not, nor does a collector.</summary>
    public bool MayLead { get; init; } = true;

    /// <summary>Gets whether this program may be the one that polls. An engine without the role of a collector does not.</summary>
    public bool MayPoll { get; init; } = true;
}
