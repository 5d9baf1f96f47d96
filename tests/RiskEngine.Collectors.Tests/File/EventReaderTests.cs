using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.File;

public sealed class EventReaderTests
{
    private static readonly string A = Read.Line("a");
    private static readonly string B = Read.Line("b");
    private static readonly string C = Read.Line("c");

    [Theory]
    [InlineData("\n", "\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n", "")]
    [InlineData("\n\n \n", "\n\n")]
    public void Lines_end_in_any_way_and_the_last_one_need_not(string between, string end)
    {
        var read = Read.Text(A + between + B + between + C + end);
        Assert.Equal(["a", "b", "c"], read.Ids);
        Assert.Empty(read.Rejected);
        Assert.Equal([0, A.Length + between.Length, A.Length + B.Length + (2 * between.Length)], read.Offsets);
    }

    public static TheoryData<string, DefectReason> FaultyLines => new()
    {
        { "{\"id\":", DefectReason.InvalidJson },
        { Read.Line("x").Replace("\"login\"", "5", StringComparison.Ordinal), DefectReason.WrongType },
        { "{}", DefectReason.MissingField },
        { Read.Line("x", ",\"y\":" + new string('[', 1000) + new string(']', 1000)), DefectReason.TooDeep },
        { Read.Line("x\0"), DefectReason.NulByte },
        { Read.Line("x").Replace("2026-", "1970-", StringComparison.Ordinal), DefectReason.BadTime },
        { Read.Line("x").Replace("2026-", "2100-", StringComparison.Ordinal), DefectReason.InFuture },
        { Read.Line("x", ",\"source_ip\":\"203.0.113.7:1\""), DefectReason.BadAddress },
        { Read.Line(new string('x', 300)), DefectReason.FieldTooLong },
        { Read.Line(new string('x', 10_000_000)), DefectReason.LineTooLong },
        { Read.Line(new string('x', EventReader.LineLimit)), DefectReason.LineTooLong },
    };

    [Theory, MemberData(nameof(FaultyLines))]
    public void A_faulty_line_costs_itself_alone_and_is_told_with_its_place(string faulty, DefectReason reason)
    {
        var read = Read.Text($"{A}\n{faulty}\n{B}\n{faulty}\n{C}\n");
        Assert.Equal(["a", "b", "c"], read.Ids);
        Assert.Equal([(2L, A.Length + 1L, reason), (4L, A.Length + faulty.Length + B.Length + 3L, reason)], read.Rejected.Select(x => (x.Line, x.Offset, x.Defect.Reason)));
    }

    [Fact]
    public void Every_faulty_element_of_a_page_is_told_with_its_line_and_offset_and_none_of_its_neighbours_is_lost()
    {
        const string Good = """{"pk":"1","action":"login","user":{"pk":1},"created":"2026-11-21T20:15:01Z"}""";
        var page = $"{{\"pagination\":{{}},\n\"results\":[\n{Good},\n{{\"action\":\"login\"}},\n{Good},\n{{\"action\":}},\n{Good}\n]}}\n";
        var read = Read.Text(page + Good + "\n", "authentik");
        Assert.Equal(4, read.Ids.Count);
        Assert.Equal([(4L, 1L, DefectReason.MissingField), (6L, 3L, DefectReason.InvalidJson)], read.Rejected.Select(x => (x.Line, x.Index, x.Defect.Reason)));
        Assert.Equal([page.IndexOf("{\"action\":\"login\"}", StringComparison.Ordinal), page.IndexOf("{\"action\":}", StringComparison.Ordinal)], read.Rejected.Select(x => (int)x.Offset));
    }

    [Fact]
    public void A_line_that_is_no_utf8_costs_itself_alone()
    {
        var read = Read.Bytes([.. Encoding.UTF8.GetBytes(A + "\n{\""), 0xFF, .. Encoding.UTF8.GetBytes("\"}\n" + B)]);
        Assert.Equal(["a", "b"], read.Ids);
        Assert.Equal((DefectReason.InvalidUtf8, 2, 2L), (read.Rejected[0].Defect.Reason, read.Rejected[0].Defect.Position, read.Rejected[0].Line));
    }

    [Theory, InlineData(10), InlineData(60)]
    public void A_torn_last_line_is_told_as_such(int length)
    {
        var read = Read.Text(A + "\n" + B[..length]);
        Assert.Equal(["a"], read.Ids);
        Assert.Equal((DefectReason.TornLine, 2L), (Assert.Single(read.Rejected).Defect.Reason, read.Rejected[0].Line));
    }

    [Theory]
    [InlineData("authentik", "{\"action\":")]
    [InlineData("rba", "1,2020-02-03 12:43")]
    [InlineData("sshd", "Nov 20 10:0")]
    public void A_torn_last_line_is_told_for_every_format(string format, string torn)
    {
        var first = format == "rba" ? Samples.RbaHeader + "\n" : "";
        Assert.Equal(DefectReason.TornLine, Assert.Single(Read.Text(first + Samples.Of(format)[0] + "\n" + torn, format).Rejected).Defect.Reason);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        var read = Read.Text("\uFEFF" + A + "\n" + B);
        Assert.Equal(["a", "b"], read.Ids);
        Assert.Equal(3, read.Offsets[0]);
    }

    [Theory, InlineData(""), InlineData("\n"), InlineData(" \r\n\t\n")]
    public void Nothing_gives_nothing(string text)
    {
        var read = Read.Text(text);
        Assert.Empty(read.Ids);
        Assert.Empty(read.Rejected);
    }

    [Fact]
    public void Binary_data_are_one_fault_and_the_end()
    {
        var read = Read.Bytes([.. "PK"u8, .. new byte[5000], (byte)'\n', .. Encoding.UTF8.GetBytes(A)]);
        Assert.Empty(read.Ids);
        Assert.Equal((DefectReason.Binary, 2), (Assert.Single(read.Rejected).Defect.Reason, read.Rejected[0].Defect.Position));
    }

    [Theory]
    [InlineData("[{0},{1},{2}]")]
    [InlineData("[\n  {0},\n  {1},\n  {2}\n]\n")]
    [InlineData(" \n[{0}]\n[{1},{2}]")]
    [InlineData("[\r\n{0}\r\n,\r\n{1},{2}")]
    public void An_array_gives_its_elements(string shape)
    {
        var read = Read.Text(string.Format(shape, A, B, C));
        Assert.Equal(["a", "b", "c"], read.Ids);
        Assert.Empty(read.Rejected);
    }

    [Fact]
    public void A_faulty_element_is_told_by_its_number_and_line()
    {
        var read = Read.Text($"[\n{A},\n{{\"kind\":[\"}}]\"]}},\n7,\n\"x,]\",\n{B}]");
        Assert.Equal(["a", "b"], read.Ids);
        Assert.Equal([(1L, 3L), (2L, 4L), (3L, 5L)], read.Rejected.Select(x => (x.Index, x.Line)));
    }

    [Fact]
    public void Events_over_several_lines_are_read()
    {
        var pretty = A.Replace(",", ",\n  ", StringComparison.Ordinal).Replace("{\"id\":\"a\"", "{\n  \"id\":\"a\"", StringComparison.Ordinal);
        var read = Read.Text(pretty + "\n" + pretty.Replace("\"a\"", "\"b\"", StringComparison.Ordinal) + "\n");
        Assert.Equal(["a", "b"], read.Ids);
    }

    [Fact]
    public void A_pretty_page_of_authentik_is_read()
    {
        var page = Samples.Authentik[16].Replace(",\"", ",\n\"", StringComparison.Ordinal).Replace("{\"pag", "{\n\"pag", StringComparison.Ordinal);
        Assert.Equal(2, Read.Text(page, "authentik").Ids.Count);
        Assert.Equal(2, Read.Text(Samples.Authentik[16], "authentik").Ids.Count);
    }

    [Fact]
    public void An_element_of_ten_megabytes_costs_itself_alone()
    {
        var read = Read.Bytes(Encoding.UTF8.GetBytes($"[{A},{Read.Line(new string('x', 10_000_000) + "\\\"]}")},{B}]"), step: 70_001);
        Assert.Equal(["a", "b"], read.Ids);
        Assert.Equal(DefectReason.LineTooLong, Assert.Single(read.Rejected).Defect.Reason);
    }

    [Theory, InlineData(1), InlineData(7), InlineData(100)]
    public void How_a_stream_is_cut_into_reads_does_not_matter(int step)
    {
        var lines = Encoding.UTF8.GetBytes($"{A}\r\n{{broken\n{B}\n{Read.Line("q\\\"\\\\")}");
        var array = Encoding.UTF8.GetBytes($"[{A},\n{{\"k\":\"\\\"}}\\\\\"}},{B}]\n{C}");
        Assert.Equal(Read.Bytes(lines).Ids, Read.Bytes(lines, step: step).Ids);
        Assert.Equal(Read.Bytes(lines).Rejected, Read.Bytes(lines, step: step).Rejected);
        Assert.Equal(["a", "b", "c"], Read.Bytes(array, step: step).Ids);
        Assert.Equal(Read.Bytes(array).Rejected, Read.Bytes(array, step: step).Rejected);
    }

    [Fact]
    public void A_batch_holds_at_most_1024_events_and_a_flood_of_faults_ends_one_too()
    {
        using var reader = new EventReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(A + "\n", 2000)))), Some.Format("riskengine"));
        var batch = new EventBatch();
        Assert.True(reader.TryReadBatch(batch, []));
        Assert.Equal(1024, batch.Count);

        using var faulty = new EventReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 2000)))), Some.Format("riskengine"));
        List<RejectedRecord> rejected = [];
        Assert.True(faulty.TryReadBatch(batch, rejected));
        Assert.Equal((0, 1024), (batch.Count, rejected.Count));
    }

    [Fact]
    public void Reading_costs_no_bytes_per_line()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Samples.Canonical + "\n", 20_000)));
        using var reader = new EventReader(new MemoryStream(text), Some.Format("riskengine"));
        var batch = new EventBatch();
        List<RejectedRecord> rejected = [];
        for (var i = 0; i < 5; i++) reader.TryReadBatch(batch, rejected);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var events = 0;
        while (reader.TryReadBatch(batch, rejected)) events += batch.Count;
        Assert.True(events > 14_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }
}
