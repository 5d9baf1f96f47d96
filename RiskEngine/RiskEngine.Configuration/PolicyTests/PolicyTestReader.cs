using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration;

/// <summary>A policy with the cases it is tested by, both read and checked.</summary>
/// <param name="File">The file of cases as it was named.</param>
/// <param name="Policy">Compiled with <paramref name="Feeds"/>.</param>
/// <param name="Feeds">Names of feeds: those that the policy asks for and those that cases name.</param>
/// <param name="Cases">The cases, each with the line it begins on.</param>
public sealed record PolicyTestSuite(string File, CompiledPolicy Policy, IReadOnlyList<string> Feeds, IReadOnlyList<(PolicyTestCase Case, int Line)> Cases);

/// <summary>Reads files of cases; every fault of them and of the policy has its file, line and key.</summary>
public static class PolicyTestReader
{
    private const string Suffix = ".test";

    /// <summary>What decides where it is no rule.</summary>
    private static readonly string[] Others = ["none", "standing-block", "allow-list"];

    /// <summary>Reads the cases and the policy that they test; null where anything is wrong with either.</summary>
    public static (PolicyTestSuite? Suite, IReadOnlyList<ConfigurationFault> Faults) Load(string path)
    {
        var faults = new FaultList();
        if (YamlText.Read(path, faults) is not { } text || YamlTree.Parse(text, Path.GetFileName(path), faults) is not { } root) return (null, faults.All);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var tests = new Binder(folder, faults).Bind<PolicyTestFile>(root, "");
        var policyPath = tests.Policy ?? Beside(path);
        // What could not be read is left out, so that the rest is checked too.
        if (!faults.IsEmpty) tests = new Binder(folder, new FaultList()).Bind<PolicyTestFile>(ReadableParts.Of(root, faults.All.Select(fault => fault.Key), "cases", Named), "");
        else if (tests.Cases.Count == 0) faults.Add(root.Place, "cases", "there are no cases, so nothing is tested");
        if (policyPath is null)
        {
            faults.Add(root.Place, "policy", "is missing; a file called NAME.test.yaml tests the policy NAME.yaml beside it");
            return (null, faults.All);
        }

        var (mentioned, wrong) = PolicyReader.Load(policyPath, null, null);
        CheckCases(root, tests, mentioned, faults);
        if (mentioned is null || !faults.IsEmpty) return (null, [.. faults.All, .. wrong]);
        string[] feeds = [.. mentioned.Feeds.Union(tests.Cases.SelectMany(each => each.Facts.Feeds))];
        (var policy, wrong) = PolicyReader.Load(policyPath, null, feeds);
        return policy is null ? (null, wrong) : (new PolicyTestSuite(path, policy, feeds, [.. tests.Cases.Select((each, i) => (each, root.PlaceOf($"cases[{i}]").Line))]), []);
    }

    /// <summary>What can be checked of a case that could not be read: its name.</summary>
    private static MappingNode Named(Node tested, int index)
    {
        var standIn = ReadableParts.Section(tested, ["name"], ("name", $"case {index} that could not be read"));
        return standIn with { Entries = new Dictionary<string, Node>(standIn.Entries) { ["expect"] = ReadableParts.Section(tested, [], ("decision", "allow")) } };
    }

    private static string? Beside(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name[..^Suffix.Length] + Path.GetExtension(path)) : null;
    }

    private static void CheckCases(MappingNode root, PolicyTestFile tests, CompiledPolicy? policy, FaultList faults)
    {
        for (var i = 0; i < tests.Cases.Count; i++)
        {
            var tested = tests.Cases[i];
            var path = $"cases[{i}]";
            if (tests.Cases.Take(i).Any(earlier => earlier.Name == tested.Name)) Add($"{path}.name", $"an earlier case is called \"{tested.Name}\" too; rename one");
            if (policy is not null && tested.Expect.Rule is { } rule && !Others.Contains(rule) && !policy.RuleNames.Contains(rule)) Add($"{path}.expect.rule", $"no rule is called \"{rule}\"{NearestName.Suggest(rule, [.. policy.RuleNames, .. Others])}");
            if (tested.Facts.Feeds.Count > Core.Facts.AddressFacts.MaximumFeedHits) Add($"{path}.facts.feeds", $"at most {Core.Facts.AddressFacts.MaximumFeedHits} feeds are told of one address");
            if (tested.Event.Ago is not null || tested.Event.Times != 1) Add($"{path}.event", "ago and times belong to the events of a history");
            for (var j = 0; j < tested.History.Count; j++)
            {
                if (tested.History[j].Ago is null && tested.History[j].OccurredAt is null) Add($"{path}.history[{j}]", "lacks its time; say how long ago, as in ago: 1d");
            }
        }

        void Add(string key, string message) => faults.Add(root.PlaceOf(key), key, message);
    }
}
