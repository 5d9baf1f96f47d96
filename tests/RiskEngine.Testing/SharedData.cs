namespace RiskEngine.Testing;

/// <summary>Real data beside the checkout (a folder <c>shared/data</c> next to it or above), used where it is there and never copied into the project.</summary>
public static class SharedData
{
    private static readonly string? Root = Find();

    public static bool IsPresent => Root is not null;

    /// <summary>The path of a file or folder of that data.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root ?? throw new InvalidOperationException("The shared data is absent."), .. parts]);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}

/// <summary>A test on the shared data; skipped, and counted as skipped, where that is absent.</summary>
public sealed class SharedDataFactAttribute : Xunit.FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (!SharedData.IsPresent) Skip = "The folder shared/data is not beside this checkout.";
    }
}

/// <summary>The same for theories.</summary>
public sealed class SharedDataTheoryAttribute : Xunit.TheoryAttribute
{
    public SharedDataTheoryAttribute()
    {
        if (!SharedData.IsPresent) Skip = "The folder shared/data is not beside this checkout.";
    }
}
