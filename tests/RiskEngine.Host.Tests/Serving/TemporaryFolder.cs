namespace RiskEngine.Host.Tests.Serving;

/// <summary>A folder of a test's own, gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine-test-");

    public string FullName => _folder.FullName;

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file in one step, as careful editors do: nobody reads half of it.</summary>
    public string Write(string name, string text)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path + "~", text);
        System.IO.File.Move(path + "~", path, overwrite: true);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
