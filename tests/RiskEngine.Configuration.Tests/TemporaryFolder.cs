namespace RiskEngine.Configuration.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("riskengine-").FullName;

    public string Write(string text, string name = "riskengine.yaml") => Write(System.Text.Encoding.UTF8.GetBytes(text), name);

    public string Write(byte[] bytes, string name = "riskengine.yaml")
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
