using System.Text;
using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Facts;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Reads authentik's accounts: their groups, and which are service accounts. Events and questions tell neither.</summary>
/// <remarks>
/// Groups are those an account is in itself, and those that these lie in, as authentik counts members too (<see cref="AuthentikGroups"/>). Pages are walked by ascending
/// id. Where accounts were removed meanwhile, others slip over the edge of a page; what was known of these stands until the next time. Not thread-safe.
/// </remarks>
public sealed class AuthentikAccounts(AuthentikCollectorSettings settings, AuthentikClient client)
{
    /// <summary>Accounts that are read, at most; of further ones nothing is known.</summary>
    public const int MaximumAccounts = 200_000;

    private const int MaximumGroups = 512, LongestGroup = 256;

    private readonly AuthentikGroups _groups = new(settings, client);
    private List<string> _ids = [];
    private HashSet<string> _unseen = [];

    /// <summary>Gets what was read last.</summary>
    public SubjectDirectory Current { get; private set; } = SubjectDirectory.Empty;

    /// <summary>Reads all accounts. After a fault what was known before stands.</summary>
    /// <returns>How many accounts it knows now, as taken, and those beyond the bound as waiting; or the fault.</returns>
    public async Task<PollResult> ReadAsync(CancellationToken cancellation)
    {
        var blind = await _groups.ReadAsync(cancellation).ConfigureAwait(false);
        if (blind is not null and not { Failure: PollFailure.Forbidden }) return new PollResult(0, 0, blind);
        var accounts = new Dictionary<string, DirectoryAccount>(StringComparer.Ordinal);
        // One array for each name, however many accounts have it.
        var names = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        HashSet<string> unseen = [];
        long count = 0;
        for (var number = 1; number * (long)settings.PageSize <= MaximumAccounts; number++)
        {
            var (page, fault) = await client.GetAsync($"core/users/?ordering=pk&include_groups=true&include_roles=false&page={number}&page_size={settings.PageSize}", cancellation).ConfigureAwait(false);
            if (fault is not null) return new PollResult(0, 0, fault);
            foreach (var row in page!.Rows)
            {
                if (TryRead(row.Json.Span, names, unseen, out var id, out var account)) accounts[id] = account;
            }

            count = Math.Max(count, page.Count);
            if (page.Next == 0 || page.Rows.Count == 0) break;
        }

        for (var i = 0; accounts.Count < count && i < _ids.Count; i++)
        {
            if (!accounts.ContainsKey(_ids[i]) && Current.TryGet(_ids[i], out var before)) accounts[_ids[i]] = before;
        }

        _ids = [.. accounts.Keys];
        Current = new SubjectDirectory(accounts);
        // A group that was made between the two readings is not seen once; one that cannot be seen is not seen again and again.
        var isBlind = blind is not null || unseen.Overlaps(_unseen);
        _unseen = unseen;
        var note = isBlind ? "not every group can be seen, so that members of a group within another are not known as members of that one. Where a policy names such a group, give the token's owner authentik_core.view_group: the switch see_groups of the blueprint" : null;
        return new PollResult(accounts.Count, 0, count <= MaximumAccounts ? null : new PollFault(PollFailure.TooLarge, $"there are {count} accounts, and {MaximumAccounts} are read; of the others neither groups nor service accounts are known")) { Note = note };
    }

    private bool TryRead(ReadOnlySpan<byte> json, Dictionary<string, ReadOnlyMemory<byte>> names, HashSet<string> unseen, out string id, out DirectoryAccount account)
    {
        (id, account) = ("", default);
        List<string> groupIds = [], groupNames = [];
        var isService = false;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isType, isGroups) = (reader.ValueTextEquals("pk"u8), reader.ValueTextEquals("type"u8), reader.ValueTextEquals("groups_obj"u8));
                reader.Read();
                if (isId && reader.TokenType == JsonTokenType.Number) id = Encoding.ASCII.GetString(reader.ValueSpan);
                else if (isType && reader.TokenType == JsonTokenType.String) isService = reader.ValueTextEquals("service_account"u8) || reader.ValueTextEquals("internal_service_account"u8);
                else if (isGroups && reader.TokenType == JsonTokenType.StartArray) ReadGroups(ref reader, groupIds, groupNames);
                else reader.Skip();
            }
        }
        catch (Exception broken) when (JsonFault.IsExpected(broken))
        {
            return false;
        }

        foreach (var group in groupIds)
        {
            if (group.Length > 0 && !_groups.IsKnown(group)) unseen.Add(group);
        }

        _groups.AddParents(groupIds, groupNames, MaximumGroups);
        List<ReadOnlyMemory<byte>> groups = [];
        foreach (var name in groupNames) Add(name, groups, names);
        account = new DirectoryAccount(groups, isService);
        return id.Length > 0;
    }

    private static void ReadGroups(ref Utf8JsonReader reader, List<string> ids, List<string> names)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var (id, name) = ("", "");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isName) = (reader.ValueTextEquals("pk"u8), reader.ValueTextEquals("name"u8));
                reader.Read();
                if (isId && reader.TokenType == JsonTokenType.String) id = reader.GetString()!;
                else if (isName && reader.TokenType == JsonTokenType.String) name = reader.GetString()!;
                else reader.Skip();
            }

            if (ids.Count >= MaximumGroups) continue;
            ids.Add(id);
            names.Add(name);
        }
    }

    private static void Add(string name, List<ReadOnlyMemory<byte>> groups, Dictionary<string, ReadOnlyMemory<byte>> names)
    {
        if (!names.TryGetValue(name, out var bytes)) names[name] = bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length is > 0 and <= LongestGroup) groups.Add(bytes);
    }
}
