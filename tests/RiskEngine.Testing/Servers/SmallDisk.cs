namespace RiskEngine.Testing.Servers;

/// <summary>A small disk of its own, in memory, for a server that is to run out of room. It goes when this is disposed of.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; null where this account may not, as in most containers.</summary>
    /// <param name="owner">The account that may write to it.</param>
    public static async Task<SmallDisk?> TryMountAsync(DirectoryInfo folder, int megabytes, string owner)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(folder.FullName, "small")).FullName;
        if (await TestServer.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) is null) return null;
        var disk = new SmallDisk(path);
        await TestServer.RunAsync("chown", owner, path);
        return disk;
    }

    public async ValueTask DisposeAsync() => await TestServer.RunAsync("umount", "-l", Path);
}
