using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Finds who failed at an address lately, by the events that are stored: an event of each, newest first, a slice at a time.</summary>
/// <remarks>
/// A week back, as what is older has faded to less than a hundredth. It ends early after <see cref="Patience"/> or <see cref="MostPages"/>, and
/// <see cref="IsComplete"/> says so: somebody waits for it, and an address can have failed millions of times. For one release; not thread-safe.
/// </remarks>
internal sealed class FailedAccounts(ServerParts parts)
{
    /// <summary>Events of a slice, and so of a transaction, at most.</summary>
    private const int Page = 1000;

    private const int MostPages = 1000;

    /// <summary>Leaves a third of the time that a request may take for what comes behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Since = TimeSpan.FromDays(7);

    private readonly HashSet<UInt128> _known = [];

    /// <summary>Gets how many were found.</summary>
    public int Count => _known.Count;

    /// <summary>Gets whether all of the week were looked at.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Gets the oldest event looked at; null for none.</summary>
    public EventTime? Oldest { get; private set; }

    /// <summary>Everybody who failed at an address.</summary>
    public IAsyncEnumerable<List<StoredEvent>> AtAsync(IpAddress address, CancellationToken cancellationToken) => FindAsync(new AssessmentQuery { Address = address }, cancellationToken);

    /// <summary>One subject, of which it is not known whether that is its id or its name.</summary>
    public async Task<StoredEvent?> FindAsync(string tenant, string subject, IpAddress address, CancellationToken cancellationToken)
    {
        var (of, named) = (Encoding.UTF8.GetBytes(tenant), Encoding.UTF8.GetBytes(subject));
        foreach (var key in new[] { StateKeys.Subject(parts.State.Hash, of, named, default), StateKeys.Subject(parts.State.Hash, of, default, named) })
        {
            await foreach (var slice in FindAsync(new AssessmentQuery { Subject = key, Address = address }, cancellationToken))
            {
                if (slice.Count > 0) return slice[0];
            }
        }

        return null;
    }

    private async IAsyncEnumerable<List<StoredEvent>> FindAsync(AssessmentQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = parts.Clock.GetTimestamp();
        query = query with { Since = Audit.Now(parts) - Since, Limit = Page };
        for (var pages = 0; pages < MostPages && parts.Clock.GetElapsedTime(started) < Patience; pages++)
        {
            var page = await parts.Records.FindAssessmentsAsync(query, cancellationToken);
            if (page.Items.Count > 0) Oldest = page.Items[^1].OccurredAt;
            yield return [.. page.Items.Where(IsNew)];
            if (page.Next is not { } next) yield break;
            query = query with { Cursor = next };
        }

        IsComplete = false;
    }

    private bool IsNew(StoredEvent stored) => stored.Kind is EventKind.LoginFailed or EventKind.MfaFailed
        && _known.Add(StateKeys.Subject(parts.State.Hash, Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.SubjectId), Encoding.UTF8.GetBytes(stored.SubjectName)));
}
