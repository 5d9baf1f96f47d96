using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Cli;

public sealed class ReplayCommandTests
{
    private const double Rounding = 0.001;

    [SharedDataTheory]
    [InlineData(19, "rba-official-head20", "rba-dataset-head.csv")]
    [InlineData(2000, "rba-official-first2000", "rba_first2000_time_restored.csv")]
    [InlineData(2000, "rba-official-first2000", "rba_first2000_excel_mangled.csv")]
    public async Task Every_row_of_the_login_data_set_gets_one_assessment(int rows, string folder, string file)
    {
        var replay = await Program.RunAsync("replay", SharedData.Path(folder, file), "--out", "-");
        Assert.Equal(0, replay.Code);
        Assert.Equal(rows, replay.Lines.Length);
        Assert.All(replay.Lines, AddsUp);
        Assert.Contains("read as rba", replay.Error);
    }

    [SharedDataFact]
    public async Task An_old_ssh_log_gets_an_assessment_for_every_attempt()
    {
        var replay = await Program.RunAsync("replay", SharedData.Path("ssh-auth-loghub", "Linux_2k.log"), "--year", "2005", "--out", "-");
        Assert.Equal(0, replay.Code);
        Assert.Contains("read as sshd", replay.Error);
        Assert.True(replay.Lines.Length > 400, $"{replay.Lines.Length} assessments");
        Assert.All(replay.Lines, AddsUp);
    }

    [Fact]
    public async Task A_file_of_authentik_events_is_told_apart_and_judged()
    {
        var sample = RepositoryRoot.Path("tests", "RiskEngine.Collectors.Tests", "Samples", "authentik.jsonl");
        var replay = await Program.RunAsync("replay", sample, "--out", "-");
        Assert.Equal(0, replay.Code);
        Assert.Contains("read as authentik", replay.Error);
        Assert.NotEmpty(replay.Lines);
        Assert.All(replay.Lines, AddsUp);
    }

    [Theory]
    [InlineData("sso-export.yaml", """{"published":"2026-11-21T20:15:01Z","eventType":"session.start","outcome":{"result":"SUCCESS"},"actor":{"id":"42"},"client":{"ip":"203.0.113.7"}}""")]
    [InlineData("vpn-appliance.yaml", "21/11/2026;21:15:01;vpn1;tunnel-up;42;203.0.113.7;Client 7;-")]
    public async Task A_mapping_from_the_documents_reads_what_it_is_for(string mapping, string record)
    {
        var replay = await Program.RunAsync(record + "\n", ["replay", "-", "--format", "mapped:" + RepositoryRoot.Path("docs", "mappings", mapping), "--out", "-"]);
        var assessment = JsonDocument.Parse(Assert.Single(replay.Lines)).RootElement;
        Assert.Equal(("2026-11-21T20:15:01.000Z", "42", "203.0.113.7"), (assessment.GetProperty("occurred_at").GetString(), assessment.GetProperty("subject").GetString(), assessment.GetProperty("source_ip").GetString()));
    }

    [Fact]
    public async Task A_faulty_mapping_is_wrong_usage_and_all_of_it_is_told()
    {
        using var folder = new Serving.TemporaryFolder();
        var replay = await Program.RunAsync("", ["replay", "-", "--format", "mapped:" + folder.Write("m.yaml", "container: xml\nfield: {}\n")]);
        Assert.Equal(2, replay.Code);
        Assert.Contains("m.yaml:1:1: container", replay.Error);
        Assert.Contains("m.yaml:2:1: field: unknown key; did you mean fields?", replay.Error);
    }

    [Fact]
    public async Task Without_an_output_the_summary_goes_to_standard_output_and_nothing_else_does()
    {
        var replay = await Program.RunAsync(Login("a", "2026-11-21T20:15:01Z") + "\n", ["replay", "-", "--json"]);
        Assert.Equal(0, replay.Code);
        Assert.Equal(1, JsonDocument.Parse(replay.Output).RootElement.GetProperty("judged").GetInt64());
    }

    [Theory, InlineData("+02:00", "2005-06-14T13:16:01.000Z"), InlineData("-05:00", "2005-06-14T20:16:01.000Z"), InlineData("Z", "2005-06-14T15:16:01.000Z")]
    public async Task Lines_of_syslog_are_in_the_offset_that_was_given(string offset, string time)
    {
        const string Line = "Jun 14 15:16:01 host sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2\n";
        var replay = await Program.RunAsync(Line, ["replay", "-", "--format", "sshd", "--year", "2005", "--utc-offset", offset, "--out", "-"]);
        Assert.Equal(time, JsonDocument.Parse(Assert.Single(replay.Lines)).RootElement.GetProperty("occurred_at").GetString());
    }

    [Fact]
    public async Task A_broken_line_is_told_with_its_number_and_its_neighbours_are_kept()
    {
        var input = $"{Login("a", "2026-11-21T20:15:01Z")}\n{{\"occurred_at\":\n{Login("b", "2026-11-21T20:15:02Z")}\n";
        var replay = await Program.RunAsync(input, ["replay", "-", "--format", "riskengine", "--out", "-"]);
        Assert.Equal(2, replay.Lines.Length);
        Assert.Contains("line 2", replay.Error);
        Assert.Contains("invalid_json", replay.Error);
    }

    [Theory, InlineData(0, 0), InlineData(9, 1), InlineData(200, 1)]
    public async Task An_archive_that_was_cut_off_is_judged_as_far_as_it_goes_and_ends_with_status_1(int missing, int code)
    {
        using var folder = new Serving.TemporaryFolder();
        var path = folder.File("logins.jsonl.gz");
        var lines = Enumerable.Range(0, 500).Select(i => JsonSerializer.Serialize(Api.SomeEvent.Login($"archived-{i}", subject: $"s{i}")) + "\n");
        using (var archive = new GZipStream(File.Create(path), CompressionLevel.Optimal)) archive.Write(Encoding.UTF8.GetBytes(string.Concat(lines)));
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^missing]);
        var replay = await Program.RunAsync("replay", path, "--out", "-");
        Assert.Equal(code, replay.Code);
        Assert.Equal(missing > 0, replay.Error.Contains("unreadable", StringComparison.Ordinal));
        Assert.InRange(replay.Lines.Length, missing == 0 ? 500 : 100, missing > 9 ? 499 : 500);
        Assert.All(replay.Lines, AddsUp);
    }

    [Fact]
    public async Task A_durable_store_remembers_from_one_replay_to_the_next()
    {
        var folder = Directory.CreateTempSubdirectory("riskengine-test-");
        try
        {
            var state = Path.Combine(folder.FullName, "state.db");
            var input = Login("a", "2026-11-21T20:15:01Z") + "\n";
            Assert.Single((await Program.RunAsync(input, ["replay", "-", "--state", state, "--out", "-"])).Lines);
            var again = await Program.RunAsync(input, ["replay", "-", "--state", state, "--out", "-"]);
            Assert.Empty(again.Lines);
            Assert.Contains("1 duplicates", again.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Simulated_attacks_are_found_and_honest_people_are_left_alone()
    {
        const string Attacks = "brute_force,spray,stuffing,distributed_brute_force,takeover,impossible_travel";
        var traffic = await Program.RunAsync("simulate", "--users", "300", "--days", "5", "--seed", "11", "--attacks", Attacks);
        var replay = await Program.RunAsync(traffic.Output, ["replay", "-", "--json"]);
        var referee = JsonDocument.Parse(replay.Output).RootElement.GetProperty("referee");
        Assert.All(referee.GetProperty("attacks").EnumerateArray(), attack =>
            Assert.True(attack.GetProperty("campaigns_found").GetInt32() == attack.GetProperty("campaigns").GetInt32(), $"not all campaigns were found: {attack}"));
        var honest = referee.GetProperty("honest");
        Assert.True(honest.GetProperty("challenge_rate").GetDouble() < 0.01, $"{honest}");
        Assert.Equal(0, honest.GetProperty("subjects_blocked").GetInt32());
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("nonsense")]
    [InlineData("replay", "x.jsonl", "--format", "nope")]
    [InlineData("simulate", "--attacks", "spary")]
    [InlineData("replay", "x.log", "--utc-offset", "2h")]
    [InlineData("serve", "--roles", "cook")]
    public async Task Wrong_usage_ends_with_status_2_and_a_message(params string[] arguments)
    {
        var run = await Program.RunAsync(arguments);
        Assert.Equal(2, run.Code);
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_without_a_stack_trace()
    {
        var run = await Program.RunAsync("replay", "/nonexistent/file.jsonl");
        Assert.Equal(1, run.Code);
        Assert.Contains("/nonexistent/file.jsonl", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    private static void AddsUp(string line)
    {
        var assessment = JsonDocument.Parse(line).RootElement;
        var logOdds = assessment.GetProperty("prior").GetDouble() + assessment.GetProperty("signals").EnumerateArray().Sum(signal => signal.GetProperty("contribution").GetDouble());
        Assert.Equal(assessment.GetProperty("risk_score").GetDouble(), 100 / (1 + Math.Exp(-logOdds)), Rounding);
    }

    private static string Login(string id, string at) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"id":"{{id}}","occurred_at":"{{at}}","kind":"login","subject":{"id":"42"},"source_ip":"203.0.113.7"}""");
}
