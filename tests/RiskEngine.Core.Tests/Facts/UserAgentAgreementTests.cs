using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Core.Tests.Facts;

/// <summary>The parser against agents seen in the wild.</summary>
public sealed class UserAgentAgreementTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Of_ten_thousand_real_agents_nearly_all_are_recognised_and_classed_as_their_scripts_saw_them()
    {
        var agents = JsonNode.Parse(File.ReadAllBytes(SharedData.Path("user-agents", "user-agents.json")))!.AsArray();
        int agree = 0, known = 0;
        foreach (var agent in agents)
        {
            var text = (string)agent!["userAgent"]!;
            var facts = UserAgentParser.Parse(Encoding.UTF8.GetBytes(text));
            var isAgreed = facts.Class.ToString().Equals((string)agent["deviceCategory"]!, StringComparison.OrdinalIgnoreCase);
            if (isAgreed) agree++;
            else output.WriteLine($"{facts.Class} but {agent["deviceCategory"]}: {text}");
            if (facts.Browser != 0) known++;
            else output.WriteLine($"unknown: {text}");
        }

        output.WriteLine($"class agrees {100.0 * agree / agents.Count:F2} %, browser known {100.0 * known / agents.Count:F2} %");
        Assert.True(agree >= 0.97 * agents.Count);
        Assert.True(known >= 0.99 * agents.Count);
    }

    [SharedDataFact]
    public void Of_ten_thousand_real_agents_none_contradicts_itself()
    {
        var agents = JsonNode.Parse(File.ReadAllBytes(SharedData.Path("user-agents", "user-agents.json")))!.AsArray().Select(agent => (string)agent!["userAgent"]!);
        Assert.Empty(agents.Where(agent => UserAgentParser.Parse(Encoding.UTF8.GetBytes(agent)).Contradiction != UserAgentContradiction.None).Distinct());
    }

    [SharedDataFact]
    public void Agents_of_the_research_data_are_mostly_read_as_their_authors_read_them()
    {
        int rows = 0, browser = 0, system = 0, device = 0;
        foreach (var line in File.ReadLines(SharedData.Path("rba-official-first2000", "rba_first2000_time_restored.csv")).Skip(1))
        {
            var fields = Fields(line);
            var facts = UserAgentParser.Parse(Encoding.UTF8.GetBytes(fields[9]));
            rows++;
            var name = UserAgentParser.BrowserName(facts.Browser);
            var isBrowser = fields[10].StartsWith(name, StringComparison.Ordinal) || (fields[10].StartsWith("Chrome", StringComparison.Ordinal) && name.Contains("Chrome", StringComparison.Ordinal))
                || (fields[10].Contains("WebView", StringComparison.Ordinal) && name.Contains("WebView", StringComparison.Ordinal));
            if (isBrowser) browser++;
            else output.WriteLine($"{name} but {fields[10]}: {fields[9]}");
            if (fields[11].StartsWith(UserAgentParser.OsName(facts.Os).Replace("macOS", "Mac OS X", StringComparison.Ordinal), StringComparison.Ordinal)) system++;
            if (facts.Class.ToString().Equals(fields[12], StringComparison.OrdinalIgnoreCase)) device++;
        }

        output.WriteLine($"browser {100.0 * browser / rows:F1} %, system {100.0 * system / rows:F1} %, device {100.0 * device / rows:F1} % of {rows}");
        Assert.True(browser > 0.7 * rows && system > 0.9 * rows && device > 0.7 * rows);
    }

    [SharedDataFact]
    public void Time_per_agent_is_printed()
    {
        var agents = JsonNode.Parse(File.ReadAllBytes(SharedData.Path("user-agents", "user-agents.json")))!.AsArray().Select(agent => Encoding.UTF8.GetBytes((string)agent!["userAgent"]!)).ToArray();
        var best = double.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var watch = Stopwatch.StartNew();
            foreach (var agent in agents) UserAgentParser.Parse(agent);
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / agents.Length);
        }

        output.WriteLine($"{best:F0} ns an agent");
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
