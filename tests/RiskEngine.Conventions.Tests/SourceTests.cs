using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>What a source file must not hold, and how large it may grow.</summary>
public sealed partial class SourceTests
{
    private const int LineLimit = 400;

    // Written in two parts, so that this file does not find itself.
    private static readonly string[] Promises =
        ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception", "Thread" + ".Sleep", "Assert.True" + "(true)"];

    [Fact]
    public void No_source_file_holds_a_stub_a_promise_or_a_sleep()
    {
        var faults =
            from file in Repository.CSharp
            let code = Repository.Read(file)
            from word in Promises
            where code.Contains(word, StringComparison.Ordinal)
            select $"{file} has {word}";
        Faults.AssertNone(faults);
    }

    /// <summary>A rule that does not fit is switched off in .editorconfig, where its reason is read; tests that bind to foreign code may differ.</summary>
    [Fact]
    public void No_file_of_the_product_switches_off_a_warning() =>
        Faults.AssertNone(Repository.CSharp.Where(file =>
            !file.StartsWith("tests/", StringComparison.Ordinal) && Repository.Read(file).Contains("#pragma warning " + "disable", StringComparison.Ordinal)));

    /// <summary>Whoever asks another program does it guarded; commands ask their own program, at the address it listens on.</summary>
    [Fact]
    public void Only_the_guarded_client_makes_connections_outward() =>
        Faults.AssertNone(Repository.CSharp.Where(file =>
            !file.StartsWith("tests/", StringComparison.Ordinal)
            && file is not ("RiskEngine/RiskEngine.Outbound/OutboundClient.cs" or "RiskEngine/RiskEngine.Host/Cli/ApiClient.cs" or "RiskEngine/RiskEngine.Host/Doctor/ProgramFindings.cs")
            && (Repository.Read(file).Contains("new HttpClient", StringComparison.Ordinal) || Repository.Read(file).Contains("new SocketsHttpHandler", StringComparison.Ordinal))));

    /// <summary>A test may skip itself where something of the machine is missing, by an attribute that says so; nobody switches one off by hand.</summary>
    [Fact]
    public void No_test_is_switched_off()
    {
        var faults =
            from file in Repository.CSharp
            let code = Repository.Read(file)
            where SkippedByHand().IsMatch(code) || (AnySkip().IsMatch(code) && !SkippingAttribute().IsMatch(code))
            select file;
        Faults.AssertNone(faults);
    }

    [Fact]
    public void No_file_is_longer_than_a_newcomer_can_hold_in_mind()
    {
        var faults =
            from file in Repository.CSharp
            let lines = Repository.Read(file).AsSpan().Count('\n')
            where lines > LineLimit
            select $"{file} has {lines} lines";
        Faults.AssertNone(faults);
    }

    /// <summary>In a class of its own, or in one for a family of detectors that differ in a word.</summary>
    [Fact]
    public void Every_detector_is_named_in_a_test_class_for_detectors()
    {
        var tests = Repository.CSharp.Where(file => file.EndsWith("DetectorTests.cs", StringComparison.Ordinal)).Select(Repository.Read).ToList();
        var faults =
            from file in Repository.CSharp
            where file.StartsWith(CoreFolders.Core + "Detection/", StringComparison.Ordinal)
            from Match match in Detector().Matches(Repository.Read(file))
            let name = new Regex($@"\b{match.Groups[1].Value}\b")
            where !tests.Exists(name.IsMatch)
            select match.Groups[1].Value;
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Test_names_are_sentences()
    {
        var faults =
            from file in Repository.CSharp
            where file.EndsWith("Tests.cs", StringComparison.Ordinal)
            from Match match in TestMethod().Matches(Repository.Read(file))
            let name = match.Groups[1].Value
            where !name.Contains('_', StringComparison.Ordinal)
            select $"{file}: {name}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void A_type_is_named_after_what_it_is()
    {
        var faults =
            from file in Repository.CSharp
            from Match match in EmptyName().Matches(Repository.WithoutComments(Repository.Read(file)))
            select $"{file}: {match.Groups[1].Value}";
        Faults.AssertNone(faults);
    }

    [GeneratedRegex(@"\[\s*\w*(?:Fact|Theory)\s*\([^\]]*\bSkip\s*=")]
    private static partial Regex SkippedByHand();

    [GeneratedRegex("\\bSkip\\s*=\\s*[$@]*\"")]
    private static partial Regex AnySkip();

    [GeneratedRegex(@"class \w+(?:\([^)]*\))?\s*:\s*(?:Xunit\.)?(?:Fact|Theory)Attribute")]
    private static partial Regex SkippingAttribute();

    [GeneratedRegex(@"public sealed (?:partial )?(?:class|record) (\w+)[^{;]*:\s*IDetector\b")]
    private static partial Regex Detector();

    [GeneratedRegex(@"\[\s*\w*(?:Fact|Theory)\b[^\n]*\n?(?:\s*\[[^\n]*\n)*\s*(?:public )(?:static )?(?:async )?(?:void|Task|ValueTask) (\w+)\s*\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"\b(?:class|struct|record|interface) (\w+(?:Manager|Helper|Helpers|Util|Utils|Impl))\b")]
    private static partial Regex EmptyName();
}
