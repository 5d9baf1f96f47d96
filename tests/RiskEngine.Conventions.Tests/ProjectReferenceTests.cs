using System.Xml.Linq;

namespace RiskEngine.Conventions.Tests;

/// <summary>Who may know whom: the table in docs/style.md, section 2.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["RiskEngine.Core"] = [],
        ["RiskEngine.Configuration"] = ["RiskEngine.Core"],
        ["RiskEngine.Outbound"] = ["RiskEngine.Core"],
        ["RiskEngine.Facts"] = ["RiskEngine.Core", "RiskEngine.Outbound"],
        ["RiskEngine.Storage"] = ["RiskEngine.Core"],
        ["RiskEngine.Kafka"] = ["RiskEngine.Core"],
        ["RiskEngine.Responders"] = ["RiskEngine.Core", "RiskEngine.Kafka", "RiskEngine.Outbound"],
        ["RiskEngine.Simulation"] = ["RiskEngine.Core"],
        ["RiskEngine.Collectors"] = ["RiskEngine.Core", "RiskEngine.Kafka", "RiskEngine.Outbound"],
        ["RiskEngine.Console"] = ["RiskEngine.Core"],
        ["RiskEngine.Host"] =
        [
            "RiskEngine.Core", "RiskEngine.Configuration", "RiskEngine.Outbound", "RiskEngine.Facts", "RiskEngine.Storage", "RiskEngine.Kafka", "RiskEngine.Responders",
            "RiskEngine.Simulation", "RiskEngine.Collectors", "RiskEngine.Console",
        ],
    };

    private static IEnumerable<string> Product => Repository.Projects.Where(project => !project.StartsWith("tests/", StringComparison.Ordinal));

    [Fact]
    public void Every_project_refers_only_to_projects_it_may_know()
    {
        var faults =
            from project in Product
            from reference in Repository.ReferencesOf(project)
            where !Allowed.TryGetValue(Repository.NameOf(project), out var allowed) || !allowed.Contains(reference)
            select $"{project} refers to {reference}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Every_project_of_the_product_has_a_line_in_the_table() =>
        Faults.AssertNone(Product.Select(Repository.NameOf).Where(name => !Allowed.ContainsKey(name)));

    [Fact]
    public void No_project_of_the_product_refers_to_a_test_project() =>
        Faults.AssertNone(Product.Where(project => Repository.Read(project).Contains("tests/", StringComparison.Ordinal)));

    [Fact]
    public void The_core_has_no_packages() =>
        Faults.AssertNone(Packages("RiskEngine/RiskEngine.Core/RiskEngine.Core.csproj"));

    [Fact]
    public void Only_the_host_is_built_on_the_web_sdk()
    {
        var web = Product.Where(project => Repository.Read(project).Contains("Microsoft.NET.Sdk.Web", StringComparison.Ordinal)
            || Repository.Read(project).Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal));
        Assert.Equal(["RiskEngine.Host"], web.Select(Repository.NameOf).Where(name => name != "RiskEngine.Console"));
    }

    /// <summary>The referee must not be graded by a simulation that knows how it judges.</summary>
    [Fact]
    public void The_simulation_knows_of_the_core_only_its_events()
    {
        var faults =
            from file in Repository.CSharp
            where file.StartsWith("RiskEngine/RiskEngine.Simulation/", StringComparison.Ordinal)
            from folder in CoreFolders.UsedBy(Repository.Read(file))
            where folder != "Events"
            select $"{file} uses {folder}";
        Faults.AssertNone(faults);
    }

    /// <summary>Or the conventions, or the examples under <c>deploy/</c>.</summary>
    [Fact]
    public void Every_test_project_tests_a_project_that_exists()
    {
        var known = Product.Select(Repository.NameOf).Append("RiskEngine.Conventions").Append("RiskEngine.Examples").ToHashSet();
        var faults =
            from project in Repository.Projects
            let name = Repository.NameOf(project)
            where name.EndsWith(".Tests", StringComparison.Ordinal) && !known.Contains(name[..^".Tests".Length].Replace(".Integration", "", StringComparison.Ordinal))
            select project;
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("RiskEngine.sln").Replace('\\', '/');
        Faults.AssertNone(Repository.Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    private static IEnumerable<string?> Packages(string project) =>
        XDocument.Parse(Repository.Read(project)).Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "PackageDownload" or "Reference")
            .Select(element => (string?)element.Attribute("Include"));
}
