using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>As much of a mail server as Alertmanager talks to (RFC 5321): takes every message and keeps its text.</summary>
internal sealed class MailBox : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MailBox()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public Inbox<string> Mails { get; } = new();

    public string Address => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true) talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
                await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
                await writer.WriteLineAsync("220 mail");
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (line == "DATA") await ReceiveAsync(reader, writer);
                    else await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 ok");
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException)
            {
                // The test is over, or the sender left.
            }
        }
    }

    private async Task ReceiveAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("354 go on");
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".") mail.AppendLine(line);
        Mails.Add(mail.ToString());
        await writer.WriteLineAsync("250 taken");
    }
}
