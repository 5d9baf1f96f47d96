using System.Text.Json;
using RiskEngine.Collectors.Formats;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Reads which groups of authentik lie within which: whoever is in a group is in its parents too, and in theirs.</summary>
/// <remarks>
/// A group has several parents (<c>parents</c>), in older versions one (<c>parent</c>). Where groups slip over the edge of a page while they are read, what was known of
/// them stands until the next time. Not thread-safe.
/// </remarks>
internal sealed class AuthentikGroups(AuthentikCollectorSettings settings, AuthentikClient client)
{
    /// <summary>Groups that are read, at most; of further ones no parents are known.</summary>
    public const int MaximumGroups = 20_000;

    /// <summary>Parents of one group that are read, at most.</summary>
    private const int MaximumParents = 64;

    private Dictionary<string, AuthentikGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>Reads all groups that the token's owner may see. After a fault what was known before stands.</summary>
    public async Task<PollFault?> ReadAsync(CancellationToken cancellation)
    {
        var groups = new Dictionary<string, AuthentikGroup>(StringComparer.Ordinal);
        long count = 0;
        for (var number = 1; number * (long)settings.PageSize <= MaximumGroups; number++)
        {
            var (page, fault) = await client.GetAsync($"core/groups/?ordering=name&include_users=false&page={number}&page_size={settings.PageSize}", cancellation).ConfigureAwait(false);
            if (fault is not null) return fault;
            foreach (var row in page!.Rows)
            {
                if (TryRead(row.Json.Span, out var id, out var group)) groups[id] = group;
            }

            count = Math.Max(count, page.Count);
            if (page.Next == 0 || page.Rows.Count == 0) break;
        }

        foreach (var (id, before) in _groups)
        {
            if (groups.Count >= Math.Min(count, MaximumGroups)) break;
            groups.TryAdd(id, before);
        }

        _groups = groups;
        return null;
    }

    /// <summary>Whether a group was seen when groups were read last.</summary>
    public bool IsKnown(string id) => _groups.ContainsKey(id);

    /// <summary>Adds the groups that those given lie in, each once, nearest first, so that cycles end.</summary>
    /// <param name="ids">Ids of groups; those of the groups found are added.</param>
    /// <param name="names">Their names, in the same order.</param>
    /// <param name="most">How many there may be, the given ones included.</param>
    public void AddParents(List<string> ids, List<string> names, int most)
    {
        var seen = new HashSet<string>(ids, StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            if (!_groups.TryGetValue(ids[i], out var group)) continue;
            foreach (var parent in group.Parents)
            {
                if (ids.Count >= most) return;
                if (!_groups.TryGetValue(parent, out var above) || !seen.Add(parent)) continue;
                ids.Add(parent);
                names.Add(above.Name);
            }
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> json, out string id, out AuthentikGroup group)
    {
        var name = "";
        List<string> parents = [];
        id = "";
        group = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isName, isParent) = (reader.ValueTextEquals("pk"u8), reader.ValueTextEquals("name"u8), reader.ValueTextEquals("parent"u8) || reader.ValueTextEquals("parents"u8));
                reader.Read();
                if (isId && reader.TokenType == JsonTokenType.String) id = reader.GetString()!;
                else if (isName && reader.TokenType == JsonTokenType.String) name = reader.GetString()!;
                else if (isParent && reader.TokenType == JsonTokenType.String) parents.Add(reader.GetString()!);
                else if (isParent && reader.TokenType == JsonTokenType.StartArray) ReadIds(ref reader, parents);
                else reader.Skip();
            }
        }
        catch (Exception broken) when (JsonFault.IsExpected(broken))
        {
            return false;
        }

        group = new AuthentikGroup(name, [.. parents]);
        return id.Length > 0;
    }

    private static void ReadIds(ref Utf8JsonReader reader, List<string> ids)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String && ids.Count < MaximumParents) ids.Add(reader.GetString()!);
            else reader.Skip();
        }
    }

    private readonly record struct AuthentikGroup(string Name, string[] Parents);
}
