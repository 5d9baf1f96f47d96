using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Erasure;

/// <summary>Finds out whom a name means, from the events that are stored: an account by its id, or by a name that it has borne, with all of its names.</summary>
/// <remarks>
/// An id goes before a name. Events that have only a name belong to the account that bears it. What was kept of the name as one that does not exist is
/// found too. A name in no stored event stands for itself.
/// </remarks>
/// <param name="hash">Makes keys.</param>
/// <param name="eventsWith">Every stored event that has those bytes in it somewhere, and perhaps others.</param>
internal sealed class AccountSearch(KeyedHash hash, Func<byte[], IEnumerable<StoredEvent>> eventsWith)
{
    /// <summary>Names of one account beyond which more are left out; nobody has as many.</summary>
    private const int MostNames = 100;

    /// <returns>The keys of the subject; null where several accounts bore the name, whose ids are returned.</returns>
    public (ErasedSubject? Subject, IReadOnlyList<string> Accounts) Find(string tenant, string given)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        var isId = false;
        foreach (var stored in eventsWith(Encoding.UTF8.GetBytes(given)).Where(stored => stored.Tenant == tenant))
        {
            isId |= stored.SubjectId == given;
            if (stored.SubjectName == given && stored.SubjectId.Length > 0) ids.Add(stored.SubjectId);
        }

        if (isId) ids = [given];
        if (ids.Count > 1) return (null, [.. ids]);
        HashSet<string> names = [given];
        foreach (var id in ids)
        {
            foreach (var stored in eventsWith(Encoding.UTF8.GetBytes(id)))
            {
                if (stored.Tenant == tenant && stored.SubjectId == id && stored.SubjectName.Length > 0 && names.Count < MostNames) names.Add(stored.SubjectName);
            }
        }

        return (KeysOf(tenant, [given, .. ids], [.. names, .. names.Select(hash.UnknownName)]), []);
    }

    private ErasedSubject KeysOf(string tenant, IEnumerable<string> ids, IReadOnlyList<string> names)
    {
        var scope = Encoding.UTF8.GetBytes(tenant);
        IEnumerable<UInt128> byId = ids.Distinct().Select(id => StateKeys.Subject(hash, scope, Encoding.UTF8.GetBytes(id), default));
        IEnumerable<UInt128> byName = names.Distinct().Select(name => StateKeys.Subject(hash, scope, default, Encoding.UTF8.GetBytes(name)));
        return new ErasedSubject([.. byId, .. byName], [.. ids.Concat(names).Distinct().Select(text => SubjectHandle.Of(hash, tenant, text))]);
    }
}
