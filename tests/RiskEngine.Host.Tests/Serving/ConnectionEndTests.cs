using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>A reset is noticed whoever is told of it, and an ordinary end is none.</summary>
public sealed class ConnectionEndTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Pipe _received = new();
    private readonly Pipe _sent = new();

    public ConnectionEndTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_reset_that_comes_while_nobody_reads_is_noticed_when_the_connection_ends()
    {
        var end = Over(null);
        var told = 0;
        end.WhenUnread(() => told++);

        _received.Writer.Complete(new ConnectionResetException("torn down"));
        Assert.False(end.IsUnread);
        end.Look();

        Assert.True(end.IsUnread);
        Assert.Equal(1, told);
    }

    [Fact]
    public void What_is_to_be_done_after_the_reset_was_noticed_is_done_at_once()
    {
        var end = Over(null);
        _received.Writer.Complete(new ConnectionResetException("torn down"));
        end.Look();

        var told = 0;
        end.WhenUnread(() => told++);

        Assert.Equal(1, told);
    }

    [LinuxFact]
    public async Task A_reset_that_was_told_to_who_sends_is_noticed_behind_what_looks_like_an_ordinary_end()
    {
        var (ours, theirs) = await ConnectAsync();
        using var _ = ours;
        await theirs.SendAsync("unread by us, and what we send by them"u8.ToArray());
        theirs.LingerState = new LingerOption(enable: true, seconds: 0);
        theirs.Dispose();
        Assert.True(SpinWait.SpinUntil(() => SocketEnd.Reached(ours) < 0, Patience));
        Assert.Equal((int)SocketError.ConnectionReset, (int)ours.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!);
        var end = Over(ours);
        var told = 0;
        end.WhenUnread(() => told++);

        _received.Writer.Complete();
        var read = await end.ReadAsync();
        end.AdvanceTo(read.Buffer.End);
        Assert.True(read.IsCompleted);

        Assert.True(end.IsUnread);
        Assert.Equal(1, told);
    }

    [LinuxFact]
    public async Task A_peer_that_closes_before_everything_was_sent_has_not_read_it()
    {
        using var ours = await ReadAndClosedAsync("half of it");
        var end = Over(ours);
        await end.Output.WriteAsync("half of it"u8.ToArray());
        "r"u8.CopyTo(end.Output.GetSpan(1));
        end.Output.Advance(1);
        await end.Output.FlushAsync();
        end.WhenUnread(() => { });

        end.Look();

        Assert.True(end.IsUnread);
    }

    [Fact]
    public async Task A_socket_that_our_side_gave_up_counts_as_torn_down()
    {
        var (ours, theirs) = await ConnectAsync();
        using var _ = theirs;
        var end = Over(ours);
        ours.Dispose();

        _received.Writer.Complete();
        end.Look();

        Assert.Equal(OperatingSystem.IsLinux(), end.IsUnread);
    }

    [Fact]
    public async Task A_peer_that_has_read_and_closes_has_not_torn_anything_down()
    {
        using var ours = await ReadAndClosedAsync("all of it");
        var end = Over(ours);
        await end.Output.WriteAsync("all of it"u8.ToArray());
        end.WhenUnread(() => { });
        await end.Output.WriteAsync("a farewell that nobody waits for"u8.ToArray());

        _received.Writer.Complete();
        end.Look();

        Assert.False(end.IsUnread);
    }

    [Fact]
    public async Task A_connection_that_our_side_ends_first_has_not_been_torn_down()
    {
        var (ours, theirs) = await ConnectAsync();
        using (ours)
        using (theirs)
        {
            var end = await SentAsync(ours);

            end.Look();

            Assert.False(end.IsUnread);
        }
    }

    [Fact]
    public async Task What_nobody_was_told_of_is_looked_for_when_serving_a_connection_has_ended()
    {
        var told = 0;
        var connection = new DefaultConnectionContext("one", new Duplex(_received.Reader, _sent.Writer), new Duplex(_sent.Reader, _received.Writer));

        await ConnectionEnd.Watch(served =>
        {
            served.Features.Get<ConnectionEnd>()!.WhenUnread(() => told++);
            _received.Writer.Complete(new ConnectionResetException("torn down"));
            return Task.CompletedTask;
        })(connection);

        Assert.Equal(1, told);
    }

    /// <summary>As a web server does on being told that a connection is closed, whether or not anybody has read up to its end.</summary>
    [Fact]
    public async Task How_a_connection_ended_is_known_before_who_serves_it_gives_its_socket_up()
    {
        using var ours = await ReadAndClosedAsync("all of it");
        using var closed = new CancellationTokenSource();
        var connection = new DefaultConnectionContext("one", new Duplex(_received.Reader, _sent.Writer), new Duplex(_sent.Reader, _received.Writer)) { ConnectionClosed = closed.Token };
        connection.Features.Set<IConnectionSocketFeature>(new Beneath(ours));
        var isGivenUp = false;

        await ConnectionEnd.Watch(async served =>
        {
            await served.Transport.Output.WriteAsync("all of it"u8.ToArray());
            served.Features.Get<ConnectionEnd>()!.WhenUnread(() => { });
            await using var giving = served.ConnectionClosed.Register(() =>
            {
                ours.Dispose();
                isGivenUp = true;
            });
            await closed.CancelAsync();
        })(connection);

        Assert.True(isGivenUp);
        Assert.False(connection.Features.Get<ConnectionEnd>()!.IsUnread);
    }

    /// <summary>The farewells of TLS and of HTTP/2 come behind what was read, and nobody reads them.</summary>
    [Theory]
    [InlineData(false, "1.1")]
    [InlineData(true, "1.1")]
    [InlineData(true, "2.0")]
    public async Task A_client_that_has_read_and_closes_is_known_to_have_read(bool isTls, string version)
    {
        using var certificate = SelfSigned();
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var said = new SemaphoreSlim(0);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => async connection =>
            {
                await ConnectionEnd.Watch(next)(connection);
                ended.SetResult(connection.Features.Get<ConnectionEnd>()!.IsUnread);
            });
            if (isTls) listen.UseHttps(certificate);
        }));
        await using var app = builder.Build();
        app.MapGet("/", async context =>
        {
            await context.Response.Body.WriteAsync(new byte[300_000]);
            await context.Response.CompleteAsync();
            context.Features.Get<ConnectionEnd>()!.WhenUnread(() => { });
            said.Release();
        });
        await app.StartAsync();

        var handler = new SocketsHttpHandler { UseProxy = false };
        var thumbprint = certificate.Thumbprint;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 { } known && known.Thumbprint == thumbprint;
        using (var client = new HttpClient(handler) { DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact })
        {
            var address = new Uri(app.Urls.First());
            for (var request = 0; request < 2; request++)
            {
                Assert.Equal(300_000, (await client.GetByteArrayAsync(address)).Length);
                Assert.True(await said.WaitAsync(Patience));
            }
        }

        Assert.False(await ended.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Reading_that_failed_for_another_reason_ends_without_an_error_and_is_no_reset()
    {
        var (ours, theirs) = await ConnectAsync();
        using (ours)
        using (theirs)
        {
            var end = await SentAsync(ours);
            _received.Writer.Complete(new IOException("another reason"));

            end.Look();

            Assert.False(end.IsUnread);
        }
    }

    /// <summary>One end of it; what is written goes nowhere.</summary>
    private ConnectionEnd Over(Socket? socket) => new(new Duplex(_received.Reader, _sent.Writer), socket);

    /// <summary>One end of it, by which something was handed over that is still to be sent and is to be read.</summary>
    private async Task<ConnectionEnd> SentAsync(Socket socket)
    {
        var end = Over(socket);
        await end.Output.WriteAsync("on its way"u8.ToArray());
        end.WhenUnread(() => { });
        return end;
    }

    /// <summary>Our side of a connection whose peer has read that, all that was sent, and has closed; its end has arrived.</summary>
    private async Task<Socket> ReadAndClosedAsync(string sent)
    {
        var (ours, theirs) = await ConnectAsync();
        await ours.SendAsync(Encoding.ASCII.GetBytes(sent));
        Assert.Equal(sent.Length, await theirs.ReceiveAsync(new byte[64]));
        theirs.Dispose();
        Assert.Equal(0, await ours.ReceiveAsync(new byte[1]));
        return ours;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task<(Socket Ours, Socket Theirs)> ConnectAsync()
    {
        var theirs = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await theirs.ConnectAsync(_listener.LocalEndPoint!);
        return (await _listener.AcceptAsync(), theirs);
    }

    private sealed record Beneath(Socket Socket) : IConnectionSocketFeature;

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
