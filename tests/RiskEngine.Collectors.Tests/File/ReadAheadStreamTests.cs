using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.File;

public sealed class ReadAheadStreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);
    private readonly CancellationTokenSource _stop = new();
    private readonly SafePipeHandle _written;
    private readonly ReadAheadStream _pipe;

    public ReadAheadStreamTests() => (_written, _pipe) = (_writer.SafePipeHandle, new ReadAheadStream(new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle), _stop.Token));

    public void Dispose()
    {
        _pipe.Dispose();
        CloseWriter();
        _stop.Dispose();
    }

    [Fact]
    public async Task What_was_written_is_given_before_the_writer_writes_more()
    {
        using var reader = new EventReader(_pipe, Some.Format("riskengine"));
        foreach (var id in (string[])["a", "b"])
        {
            Write(Read.Line(id) + "\n");
            Assert.Equal([id], await NextAsync(reader));
        }

        Assert.False(reader.TryReadBatch(new EventBatch(), []));
        Assert.False(reader.IsOver);
    }

    [Fact]
    public async Task A_line_without_its_end_waits_for_it()
    {
        using var reader = new EventReader(_pipe, Some.Format("riskengine"));
        Write(Read.Line("a") + "\n" + Read.Line("b")[..20]);
        Assert.Equal(["a"], await NextAsync(reader));
        Write(Read.Line("b")[20..] + "\n");
        Assert.Equal(["b"], await NextAsync(reader));
    }

    [Fact]
    public async Task When_it_is_told_to_stop_it_ends_behind_what_came()
    {
        using var reader = new EventReader(_pipe, Some.Format("riskengine"));
        Write(Read.Line("a") + "\n");
        await _pipe.WaitAsync().WaitAsync(Patience);
        await _stop.CancelAsync();
        Write(Read.Line("b") + "\n");
        Assert.Equal(["a", "b"], [.. await NextAsync(reader), .. await NextAsync(reader), .. await NextAsync(reader)]);
        Assert.True(reader.IsOver);
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_the_stop()
    {
        var read = Task.Run(() => _pipe.Read(new byte[16]));
        await _stop.CancelAsync();
        Assert.Equal(0, await read.WaitAsync(Patience));
    }

    [Fact]
    public async Task More_than_the_ring_holds_comes_whole_and_in_order()
    {
        var sent = new byte[3_000_001];
        new Random(7).NextBytes(sent);
        var writing = Task.Run(() =>
        {
            _writer.Write(sent);
            CloseWriter();
        });
        using var got = new MemoryStream();
        await Task.Run(() => _pipe.CopyTo(got, 10_007)).WaitAsync(Patience);
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(got.ToArray()));
        Assert.Equal(0, _pipe.Read(new byte[1]));
    }

    [Fact]
    public async Task A_document_that_begins_with_a_bracket_is_waited_for()
    {
        using var reader = new EventReader(_pipe, Some.Format("riskengine"));
        Write("{\n");
        await _pipe.WaitAsync().WaitAsync(Patience);
        var reading = NextAsync(reader);
        Assert.True(SpinWait.SpinUntil(() => _pipe.IsWaiting, Patience));
        Assert.False(reading.IsCompleted);
        Write(Read.Line("a")[1..] + "\n");
        CloseWriter();
        Assert.Equal(["a"], await reading);
    }

    /// <summary>Closes the end that is written to and no more: the other is the reading thread's.</summary>
    private void CloseWriter() => _written.Dispose();

    private void Write(string text)
    {
        _writer.Write(Encoding.UTF8.GetBytes(text));
        _writer.Flush();
    }

    /// <summary>The ids of the next batch that holds any.</summary>
    private async Task<string[]> NextAsync(EventReader reader) => await Task.Run(async () =>
    {
        var batch = new EventBatch();
        while (!reader.TryReadBatch(batch, []) || batch.Count == 0)
        {
            if (reader.IsOver) return [];
            await _pipe.WaitAsync();
        }

        return batch.Events.ToArray().Select(e => batch.String(e.Id)).ToArray();
    }).WaitAsync(Patience);
}
