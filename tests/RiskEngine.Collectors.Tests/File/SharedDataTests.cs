using System.Text.RegularExpressions;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Collectors.Tests.File;

public sealed class SharedDataTests
{
    [SharedDataFact]
    public void The_first_rows_of_the_data_set_are_19_events_of_which_7_succeeded()
    {
        var kinds = Kinds("rba-official-head20", "rba-dataset-head.csv");
        Assert.Equal((19, 7), (kinds.Count, kinds.Count(x => x == EventKind.Login)));
    }

    [SharedDataTheory, InlineData("rba_first2000_excel_mangled.csv"), InlineData("rba_first2000_time_restored.csv")]
    public void The_first_2000_rows_are_2000_events_of_which_1054_succeeded(string file)
    {
        var kinds = Kinds("rba-official-first2000", file);
        Assert.Equal((2000, 1054), (kinds.Count, kinds.Count(x => x == EventKind.Login)));
    }

    [SharedDataFact]
    public void Times_cut_by_a_spreadsheet_are_those_that_were_restored_by_hand()
    {
        var cut = Events("rba-official-first2000", "rba_first2000_excel_mangled.csv");
        var restored = Events("rba-official-first2000", "rba_first2000_time_restored.csv");
        Assert.Equal(restored.Select(x => x.OccurredAt), cut.Select(x => x.OccurredAt));
    }

    [SharedDataFact]
    public void The_old_log_has_as_many_failures_as_pam_wrote_lines()
    {
        var lines = System.IO.File.ReadAllLines(SharedData.Path("ssh-auth-loghub", "Linux_2k.log"));
        var expected = lines.Count(line => Regex.IsMatch(line, @" sshd\(pam_unix\)\[\d+\]: authentication failure;", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var events = Events("ssh-auth-loghub", "Linux_2k.log");
        Assert.Equal((489, 489), (expected, events.Count));
        Assert.Equal(117, events.Count(x => x.SubjectIsUnknown));
        Assert.All(events, x => Assert.Equal(EventKind.LoginFailed, x.Kind));
    }

    private static List<EventKind> Kinds(string folder, string file) => [.. Events(folder, file).Select(x => x.Kind)];

    private static List<LoginEvent> Events(string folder, string file)
    {
        var settings = new FileCollectorSettings { Path = SharedData.Path(folder, file) };
        Assert.True(FileCollector.TryOpen(settings, Some.Context, out var collector, out _));
        using var opened = collector!;
        List<LoginEvent> events = [];
        List<RejectedRecord> rejected = [];
        for (var batch = new EventBatch(); opened.TryReadBatch(batch, rejected);) events.AddRange(batch.Events);
        Assert.Empty(rejected);
        return events;
    }
}
