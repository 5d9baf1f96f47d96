using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>Lines of an export, held against what OCSF 1.3.0 requires of the classes Authentication (3002) and Detection Finding (2004).</summary>
/// <remarks>
/// As https://schema.ocsf.io/1.3.0/classes/authentication and /detection_finding have them, and the definitions of their objects in the repository
/// ocsf/ocsf-schema (events/iam/authentication.json, events/findings/finding.json, objects/): "requirement": "required", "at_least_one", and that the
/// label beside an enumeration has to be there where its value is 99, other.
/// </remarks>
public sealed class OcsfExportTests : IAsyncLifetime
{
    /// <summary>Required attributes of the base event and of both classes.</summary>
    private static readonly string[] Required = ["activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"];

    /// <summary>What each object requires; of several names separated by a bar one at least.</summary>
    private static readonly Dictionary<string, string[]> RequiredOf = new()
    {
        ["metadata"] = ["product", "version"],
        ["product"] = ["vendor_name"],
        ["user"] = ["account|name|uid"],
        ["service"] = ["name|uid"],
        ["src_endpoint"] = ["ip|uid|name|hostname|svc_name|instance_uid|interface_uid|interface_name|domain"],
        ["finding_info"] = ["uid", "title"],
        ["evidences"] = ["actor|api|connection_info|data|device|dst_endpoint|file|process|query|src_endpoint|user"],
        ["related_events"] = ["uid"],
        ["remediation"] = ["desc"],
        ["attacks"] = ["tactic|tactics|technique|sub_technique"],
        ["technique"] = ["name|uid"],
        ["sub_technique"] = ["name|uid"],
        ["autonomous_system"] = ["name|number"],
    };

    /// <summary>Enumerations that are written, as OCSF 1.3.0 has them.</summary>
    private static readonly Dictionary<(int Class, string Attribute), int[]> Enumerated = new()
    {
        [(3002, "activity_id")] = [0, 1, 2, 3, 4, 5, 6, 99],
        [(3002, "status_id")] = [0, 1, 2, 99],
        [(3002, "severity_id")] = [0, 1, 2, 3, 4, 5, 6, 99],
        [(2004, "activity_id")] = [0, 1, 2, 3, 99],
        [(2004, "status_id")] = [0, 1, 2, 3, 4, 99],
        [(2004, "severity_id")] = [0, 1, 2, 3, 4, 5, 6, 99],
        [(2004, "risk_level_id")] = [0, 1, 2, 3, 4, 99],
    };

    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.File("store.db");

    public async Task InitializeAsync()
    {
        var events = _folder.File("events.jsonl");
        Assert.Equal(0, (await Program.RunAsync("simulate", "--users", "40", "--days", "3", "--seed", "5", "--out", events)).Code);
        Assert.Equal(0, (await Program.RunAsync("replay", events, "--state", Store)).Code);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_line_has_what_its_class_requires()
    {
        var lines = await ExportAsync();
        Assert.All(lines, line =>
        {
            var @class = Number(line, "class_uid");
            Assert.All(Required, name => Assert.True(line.TryGetProperty(name, out _), $"{@class} lacks {name}: {line}"));
            Assert.Equal((@class * 100L) + Number(line, "activity_id"), line.GetProperty("type_uid").GetInt64());
            Assert.Equal(@class / 1000, Number(line, "category_uid"));
            foreach (var ((of, attribute), values) in Enumerated)
            {
                if (of == @class && line.TryGetProperty(attribute, out var value)) Assert.Contains(value.GetInt32(), values);
            }

            Assert.InRange(line.GetProperty("time").GetInt64(), 1_577_836_800_000, 4_102_444_800_000);
            var metadata = line.GetProperty("metadata");
            Assert.Equal("1.3.0", metadata.GetProperty("version").GetString());
            Assert.NotEqual("", metadata.GetProperty("product").GetProperty("vendor_name").GetString());
        });
        Assert.Equal(lines.Count, lines.Select(line => line.GetProperty("metadata").GetProperty("uid").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Every_object_has_what_it_requires_and_every_enumeration_a_value_that_is_checked_and_a_label()
    {
        foreach (var line in await ExportAsync("--names"))
        {
            var @class = Number(line, "class_uid");
            Assert.True(line.TryGetProperty(@class == 3002 ? "user" : "finding_info", out _), $"{line}");
            if (@class == 3002) Assert.True(line.TryGetProperty("service", out _) || line.TryGetProperty("dst_endpoint", out _), $"{line}");
            foreach (var member in line.EnumerateObject().Where(member => member.Name.EndsWith("_id", StringComparison.Ordinal)))
            {
                Assert.True(Enumerated.ContainsKey((@class, member.Name)), $"{member.Name} of {@class} is not held against anything");
                var label = member.Name == "activity_id" ? "activity_name" : member.Name[..^"_id".Length];
                Assert.NotEqual("", line.GetProperty(label).GetString());
            }

            CheckObjects(line);
        }
    }

    [Fact]
    public async Task An_authentication_names_its_user_and_its_service_and_says_how_it_ended()
    {
        var lines = (await ExportAsync()).Where(line => Number(line, "class_uid") == 3002).ToList();
        Assert.All(lines, line =>
        {
            Assert.NotEqual("", line.GetProperty("user").GetProperty("uid").GetString());
            Assert.NotEqual("", line.GetProperty("service").GetProperty("name").GetString());
            if (Number(line, "activity_id") == 99) Assert.Equal(line.GetProperty("unmapped").GetProperty("kind").GetString(), line.GetProperty("activity_name").GetString());
        });
        Assert.Equal(["login"], KindsOf(lines.Where(line => Number(line, "activity_id") == 1 && Number(line, "status_id") == 1)).Except(["challenge_passed"]));
        var failed = KindsOf(lines.Where(line => Number(line, "status_id") == 2)).ToList();
        Assert.Contains("login_failed", failed);
        Assert.Empty(failed.Except(["login_failed", "mfa_failed", "challenge_failed"]));
        Assert.Empty(KindsOf(lines.Where(line => Number(line, "activity_id") == 2)).Except(["logout"]));
    }

    [Fact]
    public async Task A_finding_has_its_id_title_and_evidence_and_stands_for_a_decision_above_allow_or_an_incident()
    {
        var lines = (await ExportAsync()).Where(line => Number(line, "class_uid") == 2004).ToList();
        Assert.All(lines, line =>
        {
            var info = line.GetProperty("finding_info");
            Assert.Equal(line.GetProperty("metadata").GetProperty("uid").GetString(), info.GetProperty("uid").GetString());
            Assert.NotEqual("", info.GetProperty("title").GetString());
            Assert.InRange(line.GetProperty("risk_score").GetInt32(), 0, 100);
            if (info.TryGetProperty("attacks", out var attacks)) Assert.All(attacks.EnumerateArray(), attack => Assert.Matches("^T[0-9]{4}$", attack.GetProperty("technique").GetProperty("uid").GetString()));
            if (info.TryGetProperty("related_events", out var related)) Assert.All(related.EnumerateArray(), each => Assert.NotEqual("", each.GetProperty("uid").GetString()));
            Assert.All(line.GetProperty("evidences").EnumerateArray(), evidence => Assert.True(evidence.TryGetProperty("src_endpoint", out _) || evidence.TryGetProperty("user", out _)));
        });
        var assessments = lines.Where(line => TypeOf(line) == "assessment").ToList();
        Assert.NotEmpty(assessments);
        Assert.DoesNotContain(assessments, line => line.GetProperty("unmapped").GetProperty("decision").GetString() == "allow");
        Assert.All(lines.Where(line => TypeOf(line) == "incident"), line => Assert.NotEqual("", line.GetProperty("remediation").GetProperty("desc").GetString()));
    }

    [Fact]
    public async Task The_incidents_are_those_that_the_store_holds()
    {
        var exported = (await ExportAsync()).Where(line => Number(line, "class_uid") == 2004 && TypeOf(line) == "incident").Select(line => line.GetProperty("metadata").GetProperty("uid").GetString());
        using var listed = JsonDocument.Parse((await Program.RunAsync("incidents", "list", "--state", Store, "--json")).Output);
        Assert.Equal(listed.RootElement.EnumerateArray().Select(head => head.GetProperty("id").GetString()).Order(), exported.Order());
    }

    [Fact]
    public async Task Names_are_written_only_when_asked_for_and_since_cuts_off()
    {
        var hidden = await ExportAsync();
        var named = await ExportAsync("--names");
        Assert.DoesNotContain(hidden, line => line.TryGetProperty("user", out var user) && user.TryGetProperty("name", out _));
        Assert.Contains(named, line => line.TryGetProperty("user", out var user) && user.TryGetProperty("name", out _));
        Assert.All(hidden.Where(line => Number(line, "class_uid") == 3002), line => Assert.Matches("^~?[0-9a-f]{16}$", line.GetProperty("user").GetProperty("uid").GetString()));

        var late = await ExportAsync("--since", "1d");
        Assert.InRange(late.Count, 1, hidden.Count - 1);
        Assert.True(late.Max(line => line.GetProperty("time").GetInt64()) - late.Min(line => line.GetProperty("time").GetInt64()) <= 86_400_000);
    }

    [Fact]
    public async Task A_store_that_is_not_there_ends_with_1_and_wrong_usage_with_2()
    {
        Assert.Equal(1, (await Program.RunAsync("export", "ocsf", "--state", _folder.File("none.db"))).Code);
        Assert.Equal(2, (await Program.RunAsync("export", "ocsf", "--state", Store, "--since", "soon")).Code);
    }

    private static void CheckObjects(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            // What lies there is of our making.
            if (member.Name is "unmapped" or "data") continue;
            JsonElement[] objects = member.Value.ValueKind switch
            {
                JsonValueKind.Object => [member.Value],
                JsonValueKind.Array => [.. member.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)],
                _ => [],
            };
            foreach (var each in objects)
            {
                foreach (var names in RequiredOf.GetValueOrDefault(member.Name, []))
                    Assert.True(Array.Exists(names.Split('|'), name => each.TryGetProperty(name, out _)), $"{member.Name} lacks {names}: {each}");
                CheckObjects(each);
            }
        }
    }

    private static int Number(JsonElement line, string name) => line.GetProperty(name).GetInt32();

    private static string? TypeOf(JsonElement finding) => finding.GetProperty("finding_info").GetProperty("types")[0].GetString();

    private static IEnumerable<string> KindsOf(IEnumerable<JsonElement> lines) => lines.Select(line => line.GetProperty("unmapped").GetProperty("kind").GetString()!).Distinct().Order();

    private async Task<List<JsonElement>> ExportAsync(params string[] arguments)
    {
        var file = _folder.File("ocsf.jsonl");
        var finished = await Program.RunAsync(["export", "ocsf", "--state", Store, "--out", file, .. arguments]);
        Assert.True(finished.Code == 0, finished.Error);
        return [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
