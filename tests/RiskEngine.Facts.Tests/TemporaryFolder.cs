namespace RiskEngine.Facts.Tests;

/// <summary>A folder of its own for a test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine-facts-");
    private int _writes;

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file, each time with a later time of writing, as if some time passed in between.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        File.SetLastWriteTimeUtc(Path(name), new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(++_writes));
        return Path(name);
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => _folder.Delete(recursive: true);
}
