using System.Diagnostics;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Events;

public sealed class EventTracesTests
{
    private static readonly ActivityContext A = Some('a'), B = Some('b');

    [Fact]
    public void Each_event_has_the_trace_that_it_came_with_and_others_have_none()
    {
        var batch = Batch((2, A), (1, default), (3, B), (1, B));
        Assert.Equal("aa.bbbb", Told(batch));
        Assert.Equal([A, B], batch.Traces.Distinct(64));
        Assert.Equal([A], batch.Traces.Distinct(1));
        Assert.Equal((default, default), (batch.Traces.Of(-1), batch.Traces.Of(7)));
    }

    [Fact]
    public void A_batch_without_any_has_none()
    {
        var batch = Batch((3, default));
        Assert.True(batch.Traces.IsEmpty);
        Assert.Empty(batch.Traces.Distinct(64));
        Assert.Equal("...", Told(batch));
    }

    [Theory]
    [InlineData(5, "aa.bb")]
    [InlineData(3, "aa.")]
    [InlineData(2, "aa")]
    [InlineData(1, "a")]
    [InlineData(0, "")]
    public void What_is_taken_back_takes_its_trace_along(int left, string expected)
    {
        var batch = new EventBatch();
        var marks = new List<EventBatch.Mark>();
        foreach (var trace in new[] { A, A, default, B, B })
        {
            marks.Add(batch.Here);
            Add(batch, 1, trace);
        }

        if (left < 5) batch.Rewind(marks[left]);
        Assert.Equal(expected, Told(batch));
        // What comes in its place does not inherit it.
        Add(batch, 2, default);
        Assert.Equal(expected + "..", Told(batch));
    }

    [Theory]
    [InlineData(0, 7, "a.bbbbaa.bbbb")]
    [InlineData(1, 3, "a.bbbba.b")]
    [InlineData(2, 1, "a.bbbb.")]
    public void Traces_go_along_where_a_part_of_a_batch_is_copied(int start, int count, string expected)
    {
        var target = Batch((1, A), (1, default), (4, B));
        target.AppendRange(Batch((2, A), (1, default), (4, B)), start, count);
        Assert.Equal(expected, Told(target));
    }

    [Fact]
    public void A_trace_that_goes_on_is_one_run_and_another_after_it_is_not()
    {
        var batch = Batch((2, A));
        batch.AppendAll(Batch((2, A), (1, B)));
        Assert.Equal("aaaab", Told(batch));
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02", false)]
    public void A_header_is_read_and_written_as_it_was(string header, bool isRecorded)
    {
        Assert.True(TraceParent.TryRead(Encoding.ASCII.GetBytes(header), out var trace));
        Assert.Equal((header, isRecorded, true), (TraceParent.Write(trace), trace.IsRecorded(), trace.IsRemote));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("zz-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473\u00e9-00f067aa0ba902b7-01")]
    public void What_is_no_header_is_refused(string header) => Assert.False(TraceParent.TryRead(Encoding.UTF8.GetBytes(header), out _));

    [Fact]
    public void A_header_is_read_up_to_a_length()
    {
        Assert.False(TraceParent.TryRead(new byte[TraceParent.Longest + 1], out _));
        Assert.False(TraceParent.TryRead(null, null, out _));
    }

    private static EventBatch Batch(params (int Count, ActivityContext Trace)[] parts)
    {
        var batch = new EventBatch();
        foreach (var (count, trace) in parts) Add(batch, count, trace);
        return batch;
    }

    private static void Add(EventBatch batch, int count, ActivityContext trace)
    {
        var start = batch.Count;
        for (var i = 0; i < count; i++) batch.Add(default);
        batch.NoteTrace(start, trace);
    }

    /// <summary>The first digit of each event's trace; a dot for none.</summary>
    private static string Told(EventBatch batch) => string.Concat(Enumerable.Range(0, batch.Count).Select(i => batch.Traces.Of(i) is var trace && trace == default ? '.' : trace.TraceId.ToHexString()[0]));

    private static ActivityContext Some(char name) =>
        new(ActivityTraceId.CreateFromString(new string(name, 32)), ActivitySpanId.CreateFromString("00f067aa0ba902b7"), ActivityTraceFlags.Recorded);
}
