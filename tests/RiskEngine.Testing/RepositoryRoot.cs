namespace RiskEngine.Testing;

/// <summary>The folder that holds RiskEngine.sln, for tests that read the project's own files.</summary>
public static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "RiskEngine.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("RiskEngine.sln is not above the tests.");
    }
}
