using System.Text.RegularExpressions;
using System.Xml.Linq;
using RiskEngine.Testing;

namespace RiskEngine.Conventions.Tests;

/// <summary>The project's own files as the conventions see them: paths relative to the top, with forward slashes, build output left out.</summary>
internal static partial class Repository
{
    private static readonly HashSet<string> Ignored = [".git", ".local", ".vs", "bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", "geo"];

    /// <summary>Gets every file.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(RepositoryRoot.Folder).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> CSharp => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Projects => Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    public static IEnumerable<string> Markdown => Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(RepositoryRoot.Path(file));

    public static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    /// <summary>Names of the projects that a project file refers to.</summary>
    public static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Parse(Read(project)).Descendants("ProjectReference").Select(reference => NameOf(((string?)reference.Attribute("Include"))!.Replace('\\', '/')));

    /// <summary>C# without its comments, so that a cross-reference in words binds nobody.</summary>
    public static string WithoutComments(string code) => Comment().Replace(code, "");

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(RepositoryRoot.Folder, file).Replace('\\', '/');
        }

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => !Ignored.Contains(Path.GetFileName(inner))))
        {
            foreach (var file in Walk(inner)) yield return file;
        }
    }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
