using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Composition;

/// <summary>What stored events call people of the tenant <c>default</c>.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StoredNames(IRecordStore records, KeyedHash hash)
{
    /// <summary>The name in the newest stored event of an id that has one; null where there is none, as of somebody who was erased.</summary>
    /// <exception cref="StateStoreException">The store cannot be read.</exception>
    public async ValueTask<string?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var query = new AssessmentQuery { Subject = SubjectHandle.Of(hash, "default", id) };
        do
        {
            var page = await records.FindAssessmentsAsync(query, cancellationToken);
            if (page.Items.FirstOrDefault(stored => stored.SubjectId == id && stored.SubjectName.Length > 0) is { } found) return found.SubjectName;
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
        return null;
    }
}
