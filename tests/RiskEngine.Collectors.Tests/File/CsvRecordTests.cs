using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Collectors.Syslog;
using RiskEngine.Collectors.Tests.Mapped;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.File;

/// <summary>Where a record of comma-separated values ends: what somebody typed must never begin another one.</summary>
public sealed class CsvRecordTests : IDisposable
{
    private const string Header = SomeMapping.CsvHeader + "\n";
    private const string Jane = "1795291200000,up,jane,203.0.113.7,,\n";
    private const string John = "1795291201000,up,john,203.0.113.8,,\n";

    /// <summary>A name as somebody would type it who wants the next line taken for a login of the victim.</summary>
    private const string Forged = "x\nvictim,1795291200000\n1795291200000,up,victim,198.51.100.66,,\n1795291200000,fail,";

    private static readonly string ForgedRow = $"1795291200000,fail,\"{Forged}\",203.0.113.9,,\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, InlineData("\n"), InlineData("\r\n")]
    public void A_line_end_within_quotes_belongs_to_the_field(string end)
    {
        var read = Names((Header + Jane + ForgedRow + John).Replace("\n", end, StringComparison.Ordinal));
        Assert.Equal(["jane", Forged.Replace("\n", end, StringComparison.Ordinal), "john"], read.Names);
        Assert.Empty(read.Rejected);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(64)]
    public void How_the_stream_is_cut_into_reads_does_not_matter(int step)
    {
        var text = Header + Jane + ForgedRow + "1795291200000,up,\"a \"\"b\"\"\nc\"\"\",203.0.113.7,,\"q\"\n" + John;
        var read = Names(text, step: step);
        Assert.Equal(["jane", Forged, "a \"b\"\nc\"", "john"], read.Names);
        Assert.Empty(read.Rejected);
    }

    [Theory]
    [InlineData("ja\"ne")]
    [InlineData("jane\"")]
    [InlineData("\"\"")]
    [InlineData("\"ja,ne\"")]
    [InlineData("\"\"\"\"")]
    [InlineData(" \"jane")]
    public void A_quote_that_opens_no_field_or_is_closed_leaves_the_next_line_alone(string name)
    {
        var read = Names($"{Header}1795291200000,up,{name},203.0.113.7,,\n{John}");
        Assert.Equal("john", read.Names[^1]);
    }

    [Fact]
    public void A_faulty_record_of_several_lines_is_one_defect_with_the_line_on_which_it_begins()
    {
        var read = Names($"{Header}{Jane}{ForgedRow.Replace("203.0.113.9", "nowhere", StringComparison.Ordinal)}{John}broken\n");
        Assert.Equal(["jane", "john"], read.Names);
        Assert.Equal([(3L, DefectReason.BadAddress), (8L, DefectReason.UnknownColumns)], read.Rejected.Select(x => (x.Line, x.Defect.Reason)));
    }

    [Fact]
    public void A_quote_that_is_never_closed_makes_one_defect_of_all_to_the_end()
    {
        var read = Names($"{Header}{Jane}1795291200000,fail,\"x\n{string.Concat(Enumerable.Repeat(John, 50))}");
        Assert.Equal(["jane"], read.Names);
        var rejected = Assert.Single(read.Rejected);
        Assert.Equal((3L, DefectReason.TornLine, 19), (rejected.Line, rejected.Defect.Reason, rejected.Defect.Position));
        Assert.Contains("never closed", rejected.Defect.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue, false)]
    [InlineData(70_001, false)]
    [InlineData(int.MaxValue, true)]
    [InlineData(70_001, true)]
    public void A_record_beyond_the_limit_is_one_defect_and_reading_goes_on_behind_its_last_quote(int step, bool isClosed)
    {
        var lines = string.Concat(Enumerable.Repeat("1795291200000,up,victim,198.51.100.66,,\n", 60_000));
        var read = Names($"{Header}{Jane}1795291200000,fail,\"x\"\"\n{lines}{(isClosed ? "\",203.0.113.9,,\n" : "")}{John}", step: step);
        Assert.Equal(isClosed ? ["jane", "john"] : ["jane"], read.Names);
        Assert.Equal((3L, DefectReason.LineTooLong), (Assert.Single(read.Rejected).Line, read.Rejected[0].Defect.Reason));
    }

    [Fact]
    public void A_record_at_the_limit_is_read_and_one_byte_more_is_too_long()
    {
        string Row(int length) => $"1795291200000,up,jane,203.0.113.7,,\"{new string('\n', length - 37)}\"";
        Assert.Equal(EventReader.LineLimit, Row(EventReader.LineLimit).Length);
        Assert.DoesNotContain(Names($"{Header}{Row(EventReader.LineLimit)}\n").Rejected, x => x.Defect.Reason == DefectReason.LineTooLong);
        Assert.Contains(Names($"{Header}{Row(EventReader.LineLimit + 1)}\n").Rejected, x => x.Defect.Reason == DefectReason.LineTooLong);
    }

    [Fact]
    public void Without_a_header_and_with_another_separator_it_is_the_same()
    {
        var mapping = SomeMapping.Csv with { Separator = ";", Columns = ["when", "what", "who", "from", "roles", "client"] };
        var read = Names(("[{},a\n" + Jane + ForgedRow).Replace(',', ';'), mapping);
        Assert.Equal(["jane", Forged.Replace(',', ';')], read.Names);
        Assert.Equal((1L, DefectReason.UnknownColumns), (Assert.Single(read.Rejected).Line, read.Rejected[0].Defect.Reason));
    }

    [Fact]
    public void Where_the_writer_does_not_quote_a_quote_costs_no_line()
    {
        var mapping = SomeMapping.Csv with { Separator = "\t", Quotes = false, Columns = ["when", "what", "who", "from", "roles", "client"] };
        string[] names = ["jane", "\"x", "john", "\"", "a\"b", "\"\"", "\"both\""];
        var read = Names(string.Concat(names.Select(name => Jane.Replace("jane", name, StringComparison.Ordinal))).Replace(',', '\t'), mapping);
        Assert.Empty(read.Rejected);
        Assert.Equal(names, read.Names);
    }

    [Fact]
    public void A_followed_file_waits_for_the_quote_to_close()
    {
        var path = Path.Combine(_folder.FullName, "a.csv");
        System.IO.File.WriteAllText(path, Header + Jane + ForgedRow[..60]);
        using var collector = Open(path);
        Assert.Equal(["jane"], Names(collector.TryReadBatch).Names);
        System.IO.File.AppendAllText(path, ForgedRow[60..] + John);
        Assert.Equal([Forged, "john"], Names(collector.TryReadBatch).Names);
    }

    [Fact]
    public void What_is_left_of_a_followed_file_that_was_replaced_within_quotes_is_one_defect()
    {
        var path = Path.Combine(_folder.FullName, "a.csv");
        System.IO.File.WriteAllText(path, Header + Jane + ForgedRow[..90]);
        using var collector = Open(path);
        Assert.Equal(["jane"], Names(collector.TryReadBatch).Names);
        System.IO.File.WriteAllText(path, Header + John);
        var read = Names(collector.TryReadBatch);
        Assert.Equal(["john"], read.Names);
        Assert.Equal(DefectReason.TornLine, Assert.Single(read.Rejected).Defect.Reason);
    }

    [Fact]
    public void The_rba_data_set_is_cut_in_the_same_way()
    {
        var row = Samples.Rba[1].Split(',');
        var columns = Samples.RbaHeader.Split(',');
        var agent = Array.FindIndex(columns, name => name.StartsWith("User Agent", StringComparison.Ordinal));
        var forged = string.Join(',', [.. row[..agent], $"\"x\n{string.Join(',', row)}\n\"", .. row[(agent + 1)..]]);
        var read = Read.Text($"{Samples.RbaHeader}\n{forged}\n{string.Join(',', row)}\n", "rba");
        Assert.Equal((2, 0), (read.Ids.Count, read.Rejected.Count));
    }

    [Fact]
    public void A_format_within_another_is_cut_as_it_says() => Assert.Equal((byte)',', new SyslogFormat(SomeMapping.Format(SomeMapping.Csv)).CsvSeparator);

    [Fact]
    public void Cutting_costs_no_bytes_per_record()
    {
        var text = Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat(ForgedRow + John, 10_000)));
        using var reader = new EventReader(new MemoryStream(text), SomeMapping.Format(SomeMapping.Csv));
        var batch = new EventBatch();
        List<RejectedRecord> rejected = [];
        for (var i = 0; i < 5; i++) reader.TryReadBatch(batch, rejected);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var events = 0;
        while (reader.TryReadBatch(batch, rejected)) events += batch.Count;
        Assert.True(events > 10_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static FileCollector Open(string path)
    {
        var settings = new FileCollectorSettings { Path = path, Format = "mapped", Follow = true };
        Assert.True(FileCollector.TryOpen(settings, Some.Context with { Mapping = SomeMapping.Csv }, out var collector, out var fault), fault?.ToString());
        return collector!;
    }

    private static (List<string> Names, List<RejectedRecord> Rejected) Names(string text, EventMapping? mapping = null, int step = int.MaxValue)
    {
        using var reader = new EventReader(new SteppedStream(Encoding.UTF8.GetBytes(text), step), SomeMapping.Format(mapping ?? SomeMapping.Csv));
        return Names(reader.TryReadBatch);
    }

    private static (List<string> Names, List<RejectedRecord> Rejected) Names(Func<EventBatch, ICollection<RejectedRecord>, bool> tryReadBatch)
    {
        (List<string> Names, List<RejectedRecord> Rejected) read = ([], []);
        var batch = new EventBatch();
        while (tryReadBatch(batch, read.Rejected))
        {
            foreach (ref readonly var e in batch.Events) read.Names.Add(batch.String(e.SubjectName));
        }

        return read;
    }
}
