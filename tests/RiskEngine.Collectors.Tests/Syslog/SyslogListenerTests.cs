using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RiskEngine.Collectors.Syslog;

namespace RiskEngine.Collectors.Tests.Syslog;

/// <summary>Real sockets of this machine.</summary>
public sealed class SyslogListenerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<SyslogLoss> _lost = new();
    private RecordQueue _queue = new(1 << 20);
    private SyslogListener? _listener;
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Datagrams_are_messages()
    {
        var address = Listen(isTcp: false);
        using var sender = new UdpClient();
        foreach (var message in (string[])["one", "two\n", new string('x', 60_000)]) await sender.SendAsync(Encoding.UTF8.GetBytes(message), address);
        Assert.Equal(["one", "two\n", new string('x', 60_000)], await TakeAsync(3));
    }

    [Fact]
    public async Task What_a_full_queue_has_no_room_for_is_dropped_and_counted()
    {
        _queue = new RecordQueue(100);
        var address = Listen(isTcp: false);
        using var sender = new UdpClient();
        for (var i = 0; i < 5; i++) await sender.SendAsync(new byte[40], address);
        await UntilAsync(() => _lost.Count == 3);
        Assert.All(_lost, loss => Assert.Equal(SyslogLoss.QueueFull, loss));
        Assert.Equal(2, (await TakeAsync(2)).Count);
    }

    [Theory]
    [InlineData("<1>one\n<1>two\r\n<1>three", "<1>one|<1>two|<1>three")]
    [InlineData("6 <1>one10 <1>two\n<1>", "<1>one|<1>two\n<1>")]
    [InlineData("6 <1>one<1>two\n6 <1>six", "<1>one|<1>two|<1>six")]
    [InlineData("2026-11-21 a\n", "2026-11-21 a")]
    public async Task A_stream_is_cut_by_octet_counts_and_by_lines(string stream, string messages)
    {
        var address = Listen(isTcp: true);
        using var sender = new TcpClient();
        await sender.ConnectAsync(address);
        // Byte by byte, so that no boundary is where a message ends.
        sender.NoDelay = true;
        foreach (var part in Encoding.UTF8.GetBytes(stream)) await sender.GetStream().WriteAsync(new[] { part });
        sender.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(messages.Split('|'), await TakeAsync(messages.Split('|').Length));
    }

    [Fact]
    public async Task A_message_that_is_too_long_costs_itself_alone_under_either_framing()
    {
        var address = Listen(isTcp: true);
        using var sender = new TcpClient();
        await sender.ConnectAsync(address);
        var longer = new string('9', SyslogListener.MessageLimit + 5000);
        await sender.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"<1>{longer}\n{longer.Length} {longer}5 <1>ok<1>fine\n"));
        sender.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(["<1>ok", "<1>fine"], await TakeAsync(2));
        Assert.Equal([SyslogLoss.TooLong, SyslogLoss.TooLong], _lost);
    }

    [Fact]
    public async Task A_sender_waits_while_the_queue_is_full_and_nothing_is_lost()
    {
        _queue = new RecordQueue(64 * 1024);
        var address = Listen(isTcp: true);
        using var sender = new TcpClient();
        await sender.ConnectAsync(address);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 3000; i++) await sender.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"<1>{i} {new string('x', 400)}\n"));
            sender.Client.Shutdown(SocketShutdown.Send);
        });
        var taken = await TakeAsync(3000);
        await sending.WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 3000), taken.Select(message => int.Parse(message[3..message.IndexOf(' ')])));
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task What_was_cut_off_within_a_counted_message_is_counted()
    {
        var address = Listen(isTcp: true);
        using (var sender = new TcpClient())
        {
            await sender.ConnectAsync(address);
            await sender.GetStream().WriteAsync("100 <1>half"u8.ToArray());
            sender.Client.Shutdown(SocketShutdown.Send);
            await UntilAsync(() => !_lost.IsEmpty);
        }

        Assert.Equal([SyslogLoss.CutOff], _lost);
    }

    [Fact]
    public async Task When_the_system_has_no_descriptors_it_is_asked_again_after_longer_and_longer_pauses_counted_each_time_and_told_once()
    {
        List<TimeSpan> pauses = [];
        List<SocketError> told = [];
        var failures = 0;
        _listener = new SyslogListener(new IPEndPoint(IPAddress.Loopback, 0), true, _queue, _lost.Enqueue)
        {
            Failing = failure => told.Add(failure.SocketErrorCode),
            Wait = (pause, _) =>
            {
                pauses.Add(pause);
                return Task.CompletedTask;
            },
            Accept = (socket, cancellation) => ++failures switch
            {
                1 => throw new SocketException((int)SocketError.ConnectionReset),
                < 12 => throw new SocketException((int)SocketError.TooManyOpenSockets),
                13 => throw new SocketException((int)SocketError.NoBufferSpaceAvailable),
                _ => socket.AcceptAsync(cancellation),
            },
        };
        _running = _listener.RunAsync(_stop.Token);
        for (var i = 0; i < 2; i++)
        {
            using var sender = new TcpClient();
            await sender.ConnectAsync(_listener.Address);
            await sender.GetStream().WriteAsync("<1>one\n"u8.ToArray());
            Assert.Equal(["<1>one"], await TakeAsync(1));
        }

        await UntilAsync(() => failures > 13);
        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 10], pauses.Select(pause => pause.TotalMilliseconds));
        Assert.Equal(Enumerable.Repeat(SyslogLoss.System, 11), _lost);
        Assert.Equal([SocketError.TooManyOpenSockets, SocketError.NoBufferSpaceAvailable], told);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_socket_that_is_gone_ends_it(bool isTcp)
    {
        Listen(isTcp);
        var running = _running;
        _running = Task.CompletedTask;
        _listener!.Dispose();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => running.WaitAsync(Patience));
    }

    [Fact]
    public void An_address_that_is_taken_is_told()
    {
        var address = Listen(isTcp: true);
        Assert.Throws<SocketException>(() => new SyslogListener(address, true, _queue, _lost.Enqueue));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        _listener?.Dispose();
        _queue.Dispose();
        _stop.Dispose();
    }

    private IPEndPoint Listen(bool isTcp)
    {
        _listener = new SyslogListener(new IPEndPoint(IPAddress.Loopback, 0), isTcp, _queue, _lost.Enqueue);
        _running = Task.Run(() => _listener.RunAsync(_stop.Token));
        return _listener.Address;
    }

    private async Task<List<string>> TakeAsync(int count)
    {
        List<string> taken = [];
        using var patience = new CancellationTokenSource(Patience);
        while (taken.Count < count) Read(await _queue.TakeAsync(Patience, patience.Token), taken);
        return taken;
    }

    private static void Read(RecordQueue.Records records, List<string> taken)
    {
        while (records.TryNext(out var record)) taken.Add(Encoding.UTF8.GetString(record));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo()) await Task.Delay(5, patience.Token);
    }
}
