using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

public sealed class IncidentReportTests
{
    private static readonly IncidentNaming Hidden = new(subject => $"p{subject.Length}", address => $"a{address.Length}");

    private readonly IncidentBook _book = new(new IncidentSettings());

    [Fact]
    public void A_title_says_what_from_where_how_many_and_who_was_hit()
    {
        for (var i = 0; i < 40; i++) Told.Spray(i * 0.01, $"n{i}", $"203.0.113.{1 + (i % 3)}").AddTo(_book);
        var incident = Told.Login(1, "n7").AddTo(_book)!;
        var report = Report(incident);
        Assert.Equal("Password spray from 203.0.113.0/24 (AS64500): 40 names tried, 1 account hit", report.Title);
        Assert.Equal(("high", "open"), (report.Severity, report.State));
        Assert.Equal(["T1078", "T1110.003"], report.Attack);
        var day = Told.Start.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal(
            $"Between {day} 00:00 and {day} 01:00 UTC, 40 attempts on 40 names came from 203.0.113.0/24 (AS64500). One account was entered, n7 at {day} 01:00. "
            + "0 of 41 events met a block and 41 a challenge; 41 decisions were enforced.", report.Summary);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7 (AS64500)")]
    [InlineData("2001:db8:1:2::9", "2001:db8:1:2::/64 (AS64500)")]
    public void One_source_is_named_as_it_is_counted(string address, string named)
    {
        var incident = Told.Guess(0, "ann", address).AddTo(_book)!;
        Assert.Equal($"Password guessing on ann from {named}: 1 attempt, no account hit", Report(incident).Title);
    }

    [Theory]
    [InlineData(9, "203.0.113.7 (AS64500) and elsewhere")]
    [InlineData(8, "2 addresses of 2 autonomous systems")]
    public void What_nine_of_ten_events_come_from_stands_for_all(int events, string named)
    {
        for (var i = 0; i < events; i++) Told.Guess(i * 0.01).AddTo(_book);
        var incident = (Told.Guess(1, "ann", "192.0.2.1") with { Asn = 64501 }).AddTo(_book)!;
        Assert.Equal($"Password guessing on ann from {named}: {events + 1} attempts, no account hit", Report(incident).Title);
    }

    [Fact]
    public void Nothing_in_a_report_with_pseudonyms_tells_a_name_an_address_or_a_network()
    {
        Told.Spray(0, "jane.doe", "203.0.113.7").AddTo(_book);
        Told.Spray(0, "john", "203.0.113.8").AddTo(_book);
        var incident = Told.Login(0.1, "jane.doe", "203.0.113.7").AddTo(_book)!;
        var report = IncidentReporter.Report(incident, isOpen: true, Hidden);
        var text = System.Text.Json.JsonSerializer.Serialize(report) + IncidentMarkdown.Write(report);
        Assert.DoesNotContain("jane.doe", text);
        Assert.DoesNotContain("203.0.113", text);
        Assert.Equal(("p8", "a11"), (report.SubjectsHit.Items[0].Subject, report.Sources.Addresses.Most[0].Value));
        Assert.Equal(1, report.Sources.Networks.Count);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script>")]
    [InlineData("x | y", "x | y")]
    [InlineData("![p](http://evil.example/p.png)", "](http")]
    [InlineData("[click](http://evil.example)", "](http")]
    [InlineData("http://evil.example", " http://")]
    [InlineData("a\n# You won", "\n# You won")]
    [InlineData("\u001b[2J", "\u001b")]
    [InlineData("abc\u202Etxt", "\u202E")]
    public void A_hostile_name_is_text_and_nothing_else(string name, string mustNotOccur)
    {
        var incident = Told.Login(0, name).AddTo(_book)!;
        var markdown = IncidentMarkdown.Write(Report(incident));
        Assert.DoesNotContain(mustNotOccur, markdown.Replace("\\<", "").Replace("\\|", "").Replace("\\]", ""));
        Assert.DoesNotContain(Report(incident).Title, c => char.IsControl(c));
    }

    [Theory, InlineData("e-1.a:b", true), InlineData("x;reboot", false), InlineData("$(reboot)", false), InlineData("--help", false), InlineData("a b", false)]
    public void A_command_names_an_event_only_where_a_shell_reads_nothing_into_it(string id, bool named)
    {
        var incident = (Told.Login(0) with { Id = id }).AddTo(_book)!;
        Assert.Equal(named, Report(incident).NextSteps.Any(step => step.Contains($"feedback {id} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_report_says_when_nothing_was_enforced()
    {
        var quiet = (Told.Spray(0) with { Enforced = false }).AddTo(_book)!;
        Assert.Contains("none of it enforced", Report(quiet).Summary);
        Assert.Contains(Report(quiet).NextSteps, step => step.Contains("monitor mode", StringComparison.Ordinal));
        Told.Spray(0.1).AddTo(_book);
        Assert.Contains("1 decision was enforced", Report(quiet).Summary);
    }

    [Fact]
    public void The_markdown_has_head_story_timeline_accounts_sources_decisions_and_advice()
    {
        for (var i = 0; i < 60; i++) (Told.Spray(i * 0.05, $"n{i}") with { Action = i < 10 ? DecisionAction.Challenge : DecisionAction.Block }).AddTo(_book);
        (Told.Login(1.5, "n7") with { Id = "login-1" }).AddTo(_book);
        var incident = (Told.NewFactor(1.7, "n7") with { Id = "factor-1" }).AddTo(_book)!;
        var lines = IncidentMarkdown.Write(Report(incident)).Split('\n');
        var start = Told.Start.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal("# Password spray from 203.0.113.7 (AS64500): 60 names tried, 1 account hit", lines[0].Replace("\\", ""));
        Assert.Equal(["## What happened", "## Timeline", "## Accounts", "## Sources", "## Decisions", "## What to do"], lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Contains($"| {start} 00:00:00 | {start} 02:57:00 | password spray | 60 | block 50, challenge 10 |", lines);
        Assert.Contains($"| n7 | {start} 01:30:00 | risky sign-in, changes to the account | challenge | 80.0 | login-1 | 2 |", lines);
        Assert.Contains("| address 203.0.113.7 | 62 |", lines);
        Assert.Contains("| 0 | 0 | 12 | 50 | 62 |", lines);
    }

    private IncidentReport Report(Incident incident) => IncidentReporter.Report(incident, _book.IsOpen(incident, _book.Newest), IncidentNaming.Clear);
}
