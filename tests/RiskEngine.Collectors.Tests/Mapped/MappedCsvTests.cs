using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Mapped;

public sealed class MappedCsvTests
{
    private readonly IEventFormat _format = SomeMapping.Format(SomeMapping.Csv);

    [Fact]
    public void Every_column_arrives()
    {
        _format.Parse(SomeMapping.CsvHeader);
        var parsed = _format.Parse(SomeMapping.CsvRecord);
        Assert.Equal(("2026-11-21T20:00:00.000Z", EventKind.Login, "203.0.113.7"), (parsed.Event.OccurredAt.ToString(), parsed.Event.Kind, parsed.Event.SourceIp.ToString()));
        Assert.Equal(("jane", "Client 1.0 (\"beta\")"), (parsed.Text(x => x.SubjectName), parsed.Text(x => x.UserAgent)));
        Assert.Equal(["finance", "admins"], parsed.List(x => x.Groups));
    }

    [Fact]
    public void Columns_are_found_by_their_names_wherever_they_stand()
    {
        _format.Parse("x, client ,from,who,roles,what,when,y");
        Assert.Equal("jane", _format.Parse(",C,203.0.113.7, jane ,,up,1795291200000,").Text(x => x.SubjectName));
    }

    [Fact]
    public void A_header_that_comes_again_is_no_row_and_may_move_the_columns()
    {
        _format.Parse(SomeMapping.CsvHeader);
        Assert.Equal(ParseResult.Nothing, _format.Parse(SomeMapping.CsvHeader).Result);
    }

    [Fact]
    public void A_file_that_does_not_begin_with_the_columns_says_which_it_needs()
    {
        var defect = _format.Parse("when,what,who").Defect;
        Assert.Equal(DefectReason.UnknownColumns, defect.Reason);
        Assert.Contains("from", defect.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1795291200000,up,jane,203.0.113.7", DefectReason.UnknownColumns)]
    [InlineData("1795291200000,up,jane,nowhere,,", DefectReason.BadAddress)]
    [InlineData("1795291200000.5,up,jane,203.0.113.7,,", DefectReason.BadTime)]
    [InlineData("1795291200000,up,,203.0.113.7,,", DefectReason.MissingField)]
    [InlineData("1795291200000,up,\"jane,203.0.113.7,,", DefectReason.BadValue)]
    public void A_faulty_row_is_a_defect(string row, DefectReason reason)
    {
        _format.Parse(SomeMapping.CsvHeader);
        Assert.Equal(reason, _format.Parse(row).Defect.Reason);
    }

    [Fact]
    public void Columns_that_the_mapping_lists_need_no_header_and_allow_more_behind_them()
    {
        var format = SomeMapping.Format(SomeMapping.Csv with { Separator = ";", Columns = ["when", "what", "who", "from", "roles", "client"] });
        Assert.Equal("jane", format.Parse("1795291200000;up;jane;203.0.113.7;;").Text(x => x.SubjectName));
        Assert.Equal(1, format.Parse("1795291200000;up;jane;203.0.113.7;;;more").Result.Added);
        Assert.Equal(DefectReason.UnknownColumns, format.Parse("1795291200000;up;jane").Defect.Reason);
    }

    [Theory]
    [InlineData("unix", "1795291201", "2026-11-21T20:00:01.000Z")]
    [InlineData("unix", "1795291201.25", "2026-11-21T20:00:01.250Z")]
    [InlineData("iso", "2026-11-21T21:00:01+01:00", "2026-11-21T20:00:01.000Z")]
    [InlineData("%d/%b/%Y:%H:%M:%S %z", "21/Nov/2026:21:00:01 +0100", "2026-11-21T20:00:01.000Z")]
    [InlineData("%m/%d/%y %I:%M:%S %p", "11/21/26 08:00:01 PM", "2026-11-21T20:00:01.000Z")]
    [InlineData("%m/%d/%y %I:%M:%S %p", "11/21/26 12:00:01 AM", "2026-11-21T00:00:01.000Z")]
    [InlineData("%b %e %T %Y", "Nov  1 20:00:01 2026", "2026-11-01T20:00:01.000Z")]
    [InlineData("%F %T.%f", "2026-11-21 20:00:01.123456", "2026-11-21T20:00:01.123Z")]
    public void Times_are_read_as_the_mapping_says(string format, string text, string expected) => Assert.Equal(expected, At(format, text).Event.OccurredAt.ToString());

    [Theory]
    [InlineData("unix", "-1")]
    [InlineData("unix", "99999999999999")]
    [InlineData("%F %T", "2026-02-29 20:00:01")]
    [InlineData("%F %T", "2026-11-21 24:00:01")]
    [InlineData("%F %T", "2026-11-21 20:00:01 ")]
    [InlineData("%F %T", "2026-11-21")]
    [InlineData("%F %T %z", "2026-11-21 20:00:01 CET")]
    [InlineData("%F %I:%M %p", "2026-11-21 13:00 PM")]
    public void What_is_not_so_written_is_no_time(string format, string text) => Assert.Equal(DefectReason.BadTime, At(format, text.Trim() == text ? text : text + "x").Defect.Reason);

    [Fact]
    public void A_clock_ahead_of_utc_is_set_back()
    {
        var ahead = new MappedTime { From = ["when"], Format = "%F %T", Zone = new UtcOffset(TimeSpan.FromHours(2)) };
        var format = SomeMapping.Format(SomeMapping.Csv with { Fields = SomeMapping.Csv.Fields with { OccurredAt = ahead } });
        format.Parse(SomeMapping.CsvHeader);
        Assert.Equal("2026-11-21T18:00:00.000Z", format.Parse("2026-11-21 20:00:00,up,jane,203.0.113.7,,").Event.OccurredAt.ToString());
    }

    private static Parsed At(string timeFormat, string text)
    {
        var format = SomeMapping.Format(SomeMapping.Csv with { Fields = SomeMapping.Csv.Fields with { OccurredAt = new MappedTime { From = ["when"], Format = timeFormat } } });
        format.Parse(SomeMapping.CsvHeader);
        return format.Parse($"{text},up,jane,203.0.113.7,,");
    }
}
