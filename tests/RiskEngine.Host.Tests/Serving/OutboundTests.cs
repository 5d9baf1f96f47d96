using System.Diagnostics;
using System.Net;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>"Opens no connection of its own accord", seen from the kernel.</summary>
public sealed class OutboundTests
{
    private const int Rounds = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [LinuxFact]
    public async Task Every_socket_of_the_process_is_its_listener_or_a_connection_of_ours()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        for (var round = 0; round < Rounds; round++)
        {
            using var sent = await client.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray($"203.0.113.{round}", 10), "application/x-ndjson"));
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            var sockets = ProcessSockets.Of(server.Id);
            Assert.Contains(sockets, socket => socket.IsListening);
            Assert.Contains(sockets, socket => !socket.IsListening);
            Assert.All(sockets, socket => Assert.True(IsExpected(socket, server.Address.Port), $"{socket}"));
        }
    }

    /// <summary>A network of its own counts what a look now and then would miss: a name that was asked for, a connection that was refused.</summary>
    [LinuxFact("unshare", "nsenter", "ip", "sh", "curl")]
    public async Task With_no_network_at_all_it_starts_says_what_is_missing_and_tries_to_reach_nobody()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName, WithoutNetwork());
        Assert.Contains("ready", await AskAsync(server, "/health/ready"));
        Assert.Contains("geo.city", await server.SeeAsync("No facts of kind"));
        var events = folder.Write("events.json", JsonSerializer.Serialize(Enumerable.Range(0, 500).Select(i => SomeEvent.Login($"alone-{i}", "login_failed", $"203.0.113.{i % 200}", $"n{i}"))));
        var key = (await File.ReadAllTextAsync(folder.File("admin.key"))).Trim();
        string[] send = ["-H", $"Authorization: Bearer {key}", "-H", "Content-Type: application/json", "--data-binary"];
        Assert.Contains("\"accepted\":500", await AskAsync(server, "/api/v1/events", [.. send, "@" + events]));
        Assert.Contains("\"decision\"", await AskAsync(server, "/api/v1/evaluate", [.. send, JsonSerializer.Serialize(SomeEvent.Login(null).Without("id", "kind"))]));

        var (counters, six) = (Counters(server.Id, "snmp"), Counters(server.Id, "snmp6"));
        Assert.Equal(counters["Tcp PassiveOpens"], counters["Tcp ActiveOpens"]);
        Assert.Equal((0, 0, 0), (counters["Udp OutDatagrams"], counters["Ip OutNoRoutes"], counters["Ip OutDiscards"]));
        Assert.Equal((0, 0), (six["Udp6OutDatagrams"], six["Ip6OutNoRoutes"]));
        Assert.Equal(0, await server.StopAsync());
    }

    private static bool IsExpected(OpenSocket socket, int port) =>
        socket.Table.StartsWith("tcp", StringComparison.Ordinal)
        && IPAddress.IsLoopback(socket.Local.Address)
        && socket.Local.Port == port
        && (socket.IsListening || IPAddress.IsLoopback(socket.Remote.Address));

    private static ProcessStartInfo WithoutNetwork()
    {
        var command = Cli.Program.Command("serve");
        string[] arguments = ["-n", "sh", "-c", "ip link set lo up && exec dotnet \"$@\"", "sh", .. command.ArgumentList];
        command.FileName = "unshare";
        command.ArgumentList.Clear();
        foreach (var argument in arguments) command.ArgumentList.Add(argument);
        return command;
    }

    /// <summary>Asks from within the network that the server is in.</summary>
    private static async Task<string> AskAsync(ServedProgram server, string path, params string[] options)
    {
        string[] arguments = ["-t", $"{server.Id}", "-n", "curl", "-q", "-sS", "--noproxy", "*", "--max-time", "20", .. options, new Uri(server.Address, path).ToString()];
        using var curl = Process.Start(new ProcessStartInfo("nsenter", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var patience = new CancellationTokenSource(Patience);
        var answer = await curl.StandardOutput.ReadToEndAsync(patience.Token);
        await curl.WaitForExitAsync(patience.Token);
        return answer;
    }

    /// <summary>Reads the kernel's counters: pairs of lines with names and values for IPv4, a name and a value a line for IPv6.</summary>
    private static Dictionary<string, long> Counters(int process, string file)
    {
        var lines = File.ReadAllLines($"/proc/{process}/net/{file}").Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (file == "snmp6") return lines.ToDictionary(line => line[0], line => long.Parse(line[1]));
        return lines.Chunk(2).SelectMany(pair => pair[0].Zip(pair[1]).Skip(1).Select(column => (Name: $"{pair[0][0].TrimEnd(':')} {column.First}", Value: long.Parse(column.Second))))
            .ToDictionary(counter => counter.Name, counter => counter.Value);
    }
}
