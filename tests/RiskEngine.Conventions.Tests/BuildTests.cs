using System.Text.RegularExpressions;
using System.Xml.Linq;
using RiskEngine.Testing;

namespace RiskEngine.Conventions.Tests;

/// <summary>A build gives the same result tomorrow and elsewhere: exact versions, lock files, nothing of one machine.</summary>
public sealed partial class BuildTests
{
    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".yaml", ".yml", ".sh", ".txt", ".csv", ".cshtml", ".razor", ".js", ".ts", ".css", ".html", ".conf", ".cfg"];

    // Registries and folders of somebody's machine, in two parts each, so that this file does not find itself.
    private static readonly string[] Foreign =
        ["nuget" + ".org", "registry.npm" + "js", "deb.debian" + ".org", "pypi" + ".org", "/ro" + "ot/", "/wo" + "rk/", "C:\\Use" + "rs", "/tmp/bash" + "_jobs"];

    [Fact]
    public void Every_package_version_is_exact()
    {
        var faults =
            from version in XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            let text = (string?)version.Attribute("Version") ?? ""
            where !Exact().IsMatch(text) && !text.StartsWith("$(", StringComparison.Ordinal)
            select $"{(string?)version.Attribute("Include")} {text}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void No_project_sets_a_version_of_its_own()
    {
        var faults =
            from project in Repository.Projects
            from reference in XDocument.Parse(Repository.Read(project)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
            select $"{project}: {(string?)reference.Attribute("Include")}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Every_project_has_a_lock_file()
    {
        var locks = Repository.Files.Where(file => file.EndsWith("/packages.lock.json", StringComparison.Ordinal)).Select(Path.GetDirectoryName).ToHashSet();
        Faults.AssertNone(Repository.Projects.Where(project => !locks.Contains(Path.GetDirectoryName(project))));
    }

    [Fact]
    public void Lock_files_name_no_host() =>
        Faults.AssertNone(Repository.Files.Where(file => file.EndsWith("lock.json", StringComparison.Ordinal) && Repository.Read(file).Contains("://", StringComparison.Ordinal)));

    [Fact]
    public void No_file_names_a_registry_or_a_folder_of_one_machine()
    {
        var faults =
            from file in Repository.Files
            where TextEndings.Contains(Path.GetExtension(file)) || file is ".ci/run" or ".editorconfig" or ".gitignore"
            let text = Repository.Read(file)
            from word in Foreign
            where text.Contains(word, StringComparison.Ordinal)
            select $"{file} names {word}";
        Faults.AssertNone(faults);
    }

    [Theory]
    [InlineData("run.sh")]
    [InlineData("test.sh")]
    [InlineData(".ci/run")]
    public void A_script_can_be_run_and_stops_at_its_first_fault(string script)
    {
        Assert.Contains("set -euo pipefail", Repository.Read(script), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(RepositoryRoot.Path(script)).HasFlag(UnixFileMode.UserExecute), $"{script} lacks its run bit");
    }

    [GeneratedRegex(@"^\[\d+(?:\.\d+){1,3}(?:-[\w.]+)?\]$")]
    private static partial Regex Exact();
}
