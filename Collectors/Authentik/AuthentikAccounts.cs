using System.Text;
using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Facts;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Reads authentik's accounts: their groups, and which are service accounts. Events and questions tell neither.</summary>
/// <remarks>
/// Groups are those an account is in itself, not the parents of these: the API tells no more to whoever may see users only. Pages are walked by ascending id. Where
/// accounts were removed meanwhile, others slip over the edge of a page; what was known of these stands until the next time. Not thread-safe.
/// </remarks>
public sealed class AuthentikAccounts(AuthentikCollectorSettings settings, AuthentikClient client)
{
    /// <summary>Accounts that are read, at most; of further ones nothing is known.</summary>
    public const int MaximumAccounts = 200_000;

    private const int MaximumGroups = 512, LongestGroup = 256;

    private List<string> _ids = [];

    /// <summary>Gets what was read last.</summary>
    public SubjectDirectory Current { get; private set; } = SubjectDirectory.Empty;

    /// <summary>Reads all accounts. After a fault what was known before stands.</summary>
    /// <returns>How many accounts it knows now, as taken, and those beyond the bound as waiting; or the fault.</returns>
    public async Task<PollResult> ReadAsync(CancellationToken cancellation)
    {
        var accounts = new Dictionary<string, DirectoryAccount>(StringComparer.Ordinal);
        // One array for each name, however many accounts have it.
        var names = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        long count = 0;
        for (var number = 1; number * (long)settings.PageSize <= MaximumAccounts; number++)
        {
            var (page, fault) = await client.GetAsync($"core/users/?ordering=pk&include_groups=true&include_roles=false&page={number}&page_size={settings.PageSize}", cancellation).ConfigureAwait(false);
            if (fault is not null) return new PollResult(0, 0, fault);
            foreach (var row in page!.Rows)
            {
                if (TryRead(row.Json.Span, names, out var id, out var account)) accounts[id] = account;
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
        return new PollResult(accounts.Count, 0, count <= MaximumAccounts ? null : new PollFault(PollFailure.TooLarge, $"there are {count} accounts, and {MaximumAccounts} are read; of the others neither groups nor service accounts are known"));
    }

    private static bool TryRead(ReadOnlySpan<byte> json, Dictionary<string, ReadOnlyMemory<byte>> names, out string id, out DirectoryAccount account)
    {
        (id, account) = ("", default);
        List<ReadOnlyMemory<byte>> groups = [];
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
                else if (isGroups && reader.TokenType == JsonTokenType.StartArray) ReadGroups(ref reader, groups, names);
                else reader.Skip();
            }
        }
        catch (Exception broken) when (JsonFault.IsExpected(broken))
        {
            return false;
        }

        account = new DirectoryAccount(groups, isService);
        return id.Length > 0;
    }

    private static void ReadGroups(ref Utf8JsonReader reader, List<ReadOnlyMemory<byte>> groups, Dictionary<string, ReadOnlyMemory<byte>> names)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isName = reader.ValueTextEquals("name"u8);
                reader.Read();
                if (isName && reader.TokenType == JsonTokenType.String && groups.Count < MaximumGroups) Add(reader.GetString()!, groups, names);
                else reader.Skip();
            }
        }
    }

    private static void Add(string name, List<ReadOnlyMemory<byte>> groups, Dictionary<string, ReadOnlyMemory<byte>> names)
    {
        if (!names.TryGetValue(name, out var bytes)) names[name] = bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length is > 0 and <= LongestGroup) groups.Add(bytes);
    }
}
