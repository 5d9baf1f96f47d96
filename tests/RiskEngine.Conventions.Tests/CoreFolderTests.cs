namespace RiskEngine.Conventions.Tests;

/// <summary>The stages of an event are folders, and what comes first does not know what comes later.</summary>
public sealed class CoreFolderTests
{
    private static IEnumerable<string> Files => Repository.CSharp.Where(file => file.StartsWith(CoreFolders.Core, StringComparison.Ordinal));

    [Fact]
    public void A_folder_of_the_core_uses_only_itself_and_folders_above_it()
    {
        var faults =
            from file in Files
            let folder = CoreFolders.Of(file)
            from other in CoreFolders.UsedBy(Repository.Read(file))
            where !CoreFolders.MayUse(folder, other)
            select $"{file} uses {other}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Every_file_of_the_core_lies_in_a_folder_that_has_a_place_in_the_order() =>
        Faults.AssertNone(Files.Where(file => !CoreFolders.InOrder.Contains(CoreFolders.Of(file))));

    [Fact]
    public void A_namespace_of_the_core_is_its_folder()
    {
        var faults = Files.Where(file => !Repository.Read(file).Contains($"namespace RiskEngine.Core.{CoreFolders.Of(file)};", StringComparison.Ordinal)
            && !file.EndsWith("/AssemblyInfo.cs", StringComparison.Ordinal));
        Faults.AssertNone(faults);
    }

    [Theory]
    [InlineData("using RiskEngine.Core.Pipeline;")]
    [InlineData("using static RiskEngine.Core.Pipeline.Engine;")]
    [InlineData("using Machine = RiskEngine.Core.Pipeline.Engine;")]
    [InlineData("var engine = new global::RiskEngine.Core.Pipeline.Engine();")]
    [InlineData("var engine = new Core.Pipeline.Engine();")]
    public void A_use_is_seen_however_it_is_written(string code) => Assert.Equal(["Pipeline"], CoreFolders.UsedBy(code));

    [Theory]
    [InlineData("// see RiskEngine.Core.Pipeline.Engine")]
    [InlineData("    /// <see cref=\"RiskEngine.Core.Pipeline.Engine\"/>")]
    [InlineData("var depth = loop.Pipeline.Depth;")]
    public void Words_in_a_comment_and_members_of_that_name_are_no_use(string code) => Assert.Empty(CoreFolders.UsedBy(code));

    [Fact]
    public void Events_must_not_know_the_pipeline_but_the_pipeline_knows_events()
    {
        Assert.False(CoreFolders.MayUse("Events", "Pipeline"));
        Assert.True(CoreFolders.MayUse("Pipeline", "Events"));
    }
}
