using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Security;

/// <summary>The administrator's first key: made when the store has none, kept in a file that only its owner can read.</summary>
/// <remarks>
/// A file that is there is used again: a store that lost its keys, or keeps them in memory, learns it anew. While the store has an administrator's
/// key the file counts for nothing, so that a key that was revoked does not come back with a restart. The file is made under another name
/// and moved into place whole, never over another, so two first starts at once cannot both think that theirs is the key. It is written before the store
/// knows it: a crash between leaves a file that counts. Where replicas share a store the first one's key is the one; the others take their files back. An empty one, as a full disk or somebody's <c>touch</c> leaves it, is no key and is replaced.
/// </remarks>
internal static class AdminKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <returns>False where another replica made the key at the same moment: no file is left here.</returns>
    /// <exception cref="ServerStartException">The file cannot be used, with words for the operator.</exception>
    public static async Task<bool> EnsureAsync(string path, IRecordStore records, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = EventTime.From(clock.GetUtcNow());
        var keys = await records.ListKeysAsync(cancellationToken);
        var secret = Read(path);
        if (keys.Any(key => key.Scopes.Contains(KeyScopes.Admin.Name()) && (key.Until is not { } until || now < until))) return true;
        var isMadeHere = secret is null;
        secret ??= Create(path);
        var sha256 = KeySecret.Hash(secret);
        if (keys.Any(key => key.Sha256.AsSpan().SequenceEqual(sha256))) return true;
        var name = FreeName(keys);
        var audit = new AuditEntry(0, now, "system", "key.create", name, "first start: administrator key file");
        if (await records.TryAddKeyAsync(new ApiKey(name, sha256, [KeyScopes.Admin.Name()], now, null), audit, cancellationToken)) return true;
        if (isMadeHere) File.Delete(path);
        return !isMadeHere && (await records.ListKeysAsync(cancellationToken)).Any(key => key.Sha256.AsSpan().SequenceEqual(sha256));
    }

    /// <summary>The same for whoever sees the same keys, so that of several who add one at the same moment one does.</summary>
    private static string FreeName(IReadOnlyList<ApiKey> keys)
    {
        var name = "administrator";
        for (var number = 2; keys.Any(key => key.Name == name); number++) name = $"administrator-{number}";
        return name;
    }

    /// <summary>Looks whether the file, where there is one, can be used.</summary>
    /// <exception cref="ServerStartException">It cannot.</exception>
    public static void Check(string path) => Read(path);

    private static string? Read(string path)
    {
        try
        {
            var secret = File.ReadAllText(path).Trim();
            if (secret.Length == 0) return null;
            if (!KeySecret.IsWellFormed(secret)) throw new ServerStartException($"http.admin_key_file: {path} holds no key. Remove it to have a new one made.");
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None) File.SetUnixFileMode(path, OwnerOnly);
            return secret;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"http.admin_key_file: {path} cannot be read: {failure.Message}");
        }
    }

    private static string Create(string path)
    {
        var secret = KeySecret.Create();
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            if (File.Exists(path)) File.Delete(path);
            var making = $"{path}.{Guid.NewGuid():N}";
            Write(making, secret);
            File.Move(making, path, overwrite: false);
            return secret;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"http.admin_key_file: {path} cannot be written: {failure.Message}");
        }
    }

    private static void Write(string path, string secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.WriteLine(secret);
        writer.Flush();
        file.Flush(flushToDisk: true);
    }
}
