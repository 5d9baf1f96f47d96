using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>What an identity provider says of its accounts beside their logins: the groups they are in, and which are for programs.</summary>
/// <remarks>Immutable and thread-safe; asking allocates nothing.</remarks>
public sealed class SubjectDirectory
{
    private const int LongestId = 256;

    private readonly Dictionary<string, DirectoryAccount> _accounts;
    private readonly Dictionary<string, DirectoryAccount>.AlternateLookup<ReadOnlySpan<char>> _byId;

    /// <param name="accounts">By the id of the subject, of the tenant "default".</param>
    public SubjectDirectory(IReadOnlyDictionary<string, DirectoryAccount> accounts)
    {
        _accounts = new Dictionary<string, DirectoryAccount>(accounts, StringComparer.Ordinal);
        _byId = _accounts.GetAlternateLookup<ReadOnlySpan<char>>();
        Version = accounts.Count == 0 ? "" : VersionOf(accounts);
    }

    /// <summary>Gets the directory that knows nobody.</summary>
    public static SubjectDirectory Empty { get; } = new(new Dictionary<string, DirectoryAccount>());

    public int Count => _accounts.Count;

    /// <summary>Gets a short hash of all that it says; empty where it knows nobody.</summary>
    public string Version { get; }

    /// <summary>Adds to an event what its source did not say. Groups that the event gives are left as they are.</summary>
    public void Complete(EventBatch batch, ref LoginEvent login)
    {
        if (_accounts.Count == 0 || login.SubjectId.IsEmpty || login.SubjectId.Length > LongestId) return;
        if (!login.Tenant.IsEmpty && !batch.Text(login.Tenant).SequenceEqual("default"u8)) return;
        Span<char> id = stackalloc char[LongestId];
        if (!Encoding.UTF8.TryGetChars(batch.Text(login.SubjectId), id, out var length) || !_byId.TryGetValue(id[..length], out var account)) return;
        if (account.ServiceAccount) login.ServiceAccount = true;
        if (login.Groups.Count > 0 || account.Groups.Count == 0) return;
        var start = batch.ListCount;
        foreach (var group in account.Groups) batch.AppendToList(batch.Append(group.Span));
        login.Groups = new SliceRange(start, account.Groups.Count);
    }

    /// <summary>What is known of an account.</summary>
    public bool TryGet(string id, out DirectoryAccount account) => _accounts.TryGetValue(id, out account);

    private static string VersionOf(IReadOnlyDictionary<string, DirectoryAccount> accounts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (id, account) in accounts.OrderBy(account => account.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id.Length}:{id} {account.ServiceAccount} {account.Groups.Count}\n")));
            foreach (var group in account.Groups)
            {
                hash.AppendData(BitConverter.GetBytes(group.Length));
                hash.AppendData(group.Span);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}

/// <summary>One account of an identity provider.</summary>
/// <param name="Groups">Names of its groups in UTF-8, each at most 256 bytes.</param>
/// <param name="ServiceAccount">Whether it is for programs.</param>
public readonly record struct DirectoryAccount(IReadOnlyList<ReadOnlyMemory<byte>> Groups, bool ServiceAccount);
