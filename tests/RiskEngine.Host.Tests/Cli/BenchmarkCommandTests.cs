using System.Globalization;
using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

public sealed class BenchmarkCommandTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_small_stream_is_measured_from_end_to_end()
    {
        using var folder = new TemporaryFolder();
        var report = folder.File("report");
        var run = await Program.RunAsync("benchmark", "--subjects", "300", "--seeds", "3", "--report", report, "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(300, json.GetProperty("subjects").GetInt32());
        var stream = json.GetProperty("streams")[0];
        Assert.Equal("realistic", stream.GetProperty("name").GetString());
        var names = stream.GetProperty("pooled").GetProperty("contestants").EnumerateArray().Select(contestant => contestant.GetProperty("name").GetString()).ToList();
        Assert.Superset(new HashSet<string?> { "random", "new country", "Freeman", "RiskEngine", "without novelty", "oracle" }, names.ToHashSet());
        Assert.NotEmpty(stream.GetProperty("checks").EnumerateArray());
        Assert.Equal(["report.html", "report.json", "report.txt"], Directory.GetFiles(report).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_page_needs_nothing_from_elsewhere_and_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("<b>own.jsonl", Lines(attack: "<script>alert(1)</script>"));
        var run = await Program.RunAsync("benchmark", file, "--report", folder.FullName);
        Assert.Equal(0, run.Code);
        var page = await File.ReadAllTextAsync(folder.File("report.html"));
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<b>", page);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("src=", page.Replace("style-src", ""));
        Assert.DoesNotContain("url(", page);
        Assert.Contains("<svg", page);
        Assert.Contains("What each part is worth", page);
        Assert.Contains("without novelty", page[page.IndexOf("What each part is worth", StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("""{"attack":"takeover","campaign":3}""", "takeover")]
    [InlineData("\"takeover\"", "takeover")]
    [InlineData("true", "attack")]
    [InlineData("1", "attack")]
    public async Task A_file_of_ones_own_is_measured_by_its_labels(string label, string family)
    {
        using var folder = new TemporaryFolder();
        var run = await Program.RunAsync("benchmark", folder.Write("own.jsonl", Lines(label: label)), "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var pooled = JsonDocument.Parse(run.Output).RootElement.GetProperty("streams")[0].GetProperty("pooled");
        var engine = pooled.GetProperty("contestants").EnumerateArray().First(contestant => contestant.GetProperty("name").GetString() == "RiskEngine");
        var told = Assert.Single(engine.GetProperty("families").EnumerateArray());
        Assert.Equal(family, told.GetProperty("family").GetString());
        Assert.True(told.GetProperty("auc").GetProperty("value").GetDouble() > 0.9);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { Lines(label: null), "nothing is labelled" },
        { Lines(label: "\"safe\""), "no successful login is labelled as an attack" },
        { Lines(everybody: true), "every successful login is labelled as an attack" },
        { Lines(subjects: 1), "one subject" },
        { string.Join('\n', Lines().Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse()), "sort the file by time" },
        { Lines() + Line(999, 3, Start.AddYears(40), false, null) + "\n", "lie in the future" },
        { Lines(only: 30), "last two fifths" },
        { Lines().Replace("\"kind\":\"login\"", "\"kind\":\"login_failed\""), "no successful login is in it" },
    };

    [Theory, MemberData(nameof(Unusable))]
    public async Task What_cannot_be_measured_on_is_told_with_what_to_do(string content, string words)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("own.jsonl", content);
        var run = await Program.RunAsync("benchmark", file, "--json");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(words, run.Error);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
        Assert.Single(Directory.GetFileSystemEntries(folder.FullName));
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData("fitted weights, list", "without list, without fitted weights")]
    public async Task Parts_are_left_out_as_asked(string without, string names)
    {
        using var folder = new TemporaryFolder();
        var run = await Program.RunAsync("benchmark", folder.Write("own.jsonl", Lines()), "--json", "--without", without);
        Assert.Equal((0, ""), (run.Code, run.Error));
        var pooled = JsonDocument.Parse(run.Output).RootElement.GetProperty("streams")[0].GetProperty("pooled");
        var measured = pooled.GetProperty("contestants").EnumerateArray().Select(contestant => contestant.GetProperty("name").GetString()!).Where(name => name.StartsWith("with", StringComparison.Ordinal));
        Assert.Equal(names, string.Join(", ", measured));
    }

    [Theory]
    [InlineData("--without", "everything")]
    [InlineData("--subjects", "99")]
    [InlineData("--subjects", "1000001")]
    [InlineData("--seeds", "1,1")]
    [InlineData("--seeds", "one")]
    [InlineData("--churn", "none")]
    [InlineData("-", null)]
    [InlineData("no-such-file.jsonl", null)]
    public async Task Wrong_usage_is_told(string argument, string? value)
    {
        var run = await Program.RunAsync(value is null ? ["benchmark", argument] : ["benchmark", argument, value]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.NotEmpty(run.Error);
    }

    /// <summary>People at home, and one in five logins from far away by a program.</summary>
    internal static string Lines(string? label = "\"takeover\"", string? attack = null, int subjects = 12, bool everybody = false, int only = 0, int count = 240)
    {
        if (attack is not null) label = JsonSerializer.Serialize(attack);
        return string.Concat(Enumerable.Range(0, count).Select(i =>
        {
            var isAttack = i % 5 == 4 && i > 60 && (only == 0 || i < 60 + only);
            return Line(i, i * 7 % subjects, Start.AddHours(6 * i), isAttack, isAttack || everybody ? label : null) + "\n";
        }));
    }

    private static string Line(int number, int subject, DateTimeOffset at, bool isAttack, string? label)
    {
        var json = JsonSerializer.Serialize(new
        {
            id = $"e{number}",
            occurred_at = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            kind = "login",
            subject = new { id = $"{subject}" },
            source_ip = isAttack ? $"203.0.113.{number % 200}" : $"192.0.2.{subject}",
            user_agent = isAttack ? "curl/8.5.0" : "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            geo = new { country = isAttack ? "BR" : "DE" },
            asn = new { number = isAttack ? 64999 : 64500 },
        });
        return label is null ? json : $"{json[..^1]},\"label\":{label}}}";
    }
}
