using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>The command line in the hands of somebody who gets it wrong: a clear sentence, the exit code of the documents, and never a stack trace.</summary>
public sealed class StrangerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("frob", "Unrecognized command or argument 'frob'.\nSee 'riskengine --help'.\n")]
    [InlineData("blocks lsit", "Unrecognized command or argument 'lsit'.\nDid you mean 'list'?\nSee 'riskengine blocks --help'.\n")]
    [InlineData("blocks", "Required command was not provided.\nSee 'riskengine blocks --help'.\n")]
    [InlineData("blocks remove x", "'x' is no number, which 'remove' takes.\nSee 'riskengine blocks remove --help'.\n")]
    [InlineData("simulate --days x", "'x' is no number, which '--days' takes.\nSee 'riskengine simulate --help'.\n")]
    [InlineData("keys create", "Option '--scope' is required.\nRequired argument 'name' missing for command: 'create'.\nSee 'riskengine keys create --help'.\n")]
    [InlineData("blocks import nowhere", "nowhere: there is no such file.\n")]
    [InlineData("blocks list --url localhost:8080", "--url: 'localhost:8080' is no address such as http://127.0.0.1:8080.\n")]
    [InlineData("blocks list --url file:///etc", "--url: 'file:///etc' is no address such as http://127.0.0.1:8080.\n")]
    public async Task Wrong_usage_is_told_and_is_exit_code_2(string line, string expected)
    {
        var finished = await Program.RunAsync(line.Split(' '));
        Assert.Equal((2, expected, ""), (finished.Code, finished.Error, finished.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    [InlineData("\u0001")]
    public async Task A_file_that_holds_no_key_is_told(string content)
    {
        var file = _folder.Write("some.key", content);
        var finished = await Program.RunAsync("blocks", "list", "--key-file", file);
        Assert.Equal((2, $"{file}: holds no key, which is one word on one line, as 'keys create' prints it.\n"), (finished.Code, finished.Error));
    }

    [Theory]
    [InlineData("blocks list", 200, "<html>hello")]
    [InlineData("blocks export --format plain", 404, "<html>no such page")]
    [InlineData("explain e1", 404, "[]")]
    [InlineData("keys create k --scope admin", 500, "")]
    [InlineData("feedback e1 safe", 302, "moved")]
    public async Task Another_program_at_that_address_is_told(string line, int status, string answer)
    {
        await using var other = await OtherAsync(status, answer);
        var finished = await Program.RunAsync([.. line.Split(' '), "--url", other.Urls.First(), "--key-file", _folder.Write("a.key", "rk_key")]);
        Assert.Equal(1, finished.Code);
        Assert.Contains("this is no answer of RiskEngine's. Is --url right?", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("{\"items\":[{\"scope\":\"ip\",\"value\":\"203.0.113.7\"},{\"value\":\"x\"}]}", "Entry 2 has no scope, or no value.\n")]
    [InlineData("[5]", "Entry 1 has no scope, or no value.\n")]
    [InlineData("{\"blocks\":[]}", "The file is no list of blocks: expected {\"items\":[…]}, as 'blocks export' writes it.\n")]
    public async Task A_file_that_is_no_list_of_blocks_is_told_with_its_place(string content, string expected)
    {
        var finished = await Program.RunAsync("blocks", "import", "--dry-run", _folder.Write("blocks.json", content));
        Assert.Equal((2, expected), (finished.Code, finished.Error));
    }

    [LinuxFact]
    public async Task Against_a_program_that_serves_a_key_that_may_not_is_told_and_an_export_is_whole_and_comes_back_as_it_was()
    {
        _folder.Write("riskengine.yaml", "store: { path: store.db }\n");
        await using var server = await ServedProgram.StartAsync(_folder.FullName);
        using var admin = server.Client();
        string[] here = ["--url", server.Address.ToString(), "--key-file", _folder.File("admin.key")];
        for (var i = 0; i < 502; i++) (await admin.PostAsJsonAsync("/api/v1/blocks", new { scope = "ip", value = $"203.0.{113 + (i / 250)}.{i % 250}", duration = "4h", reason = "x" })).EnsureSuccessStatusCode();
        (await admin.PostAsJsonAsync("/api/v1/blocks", new { scope = "asn", value = "AS64500", permanent = true, reason = "x" })).EnsureSuccessStatusCode();

        var reader = await Program.RunAsync(["keys", "create", "reader", "--scope", "decisions:read", .. here]);
        var refused = await Program.RunAsync("blocks", "remove", "1", "--url", server.Address.ToString(), "--key-file", _folder.Write("reader.key", reader.Output));
        Assert.Equal((1, "403: The key lacks the scope admin.\n"), (refused.Code, refused.Error));
        var unknown = await Program.RunAsync("blocks", "list", "--url", server.Address.ToString(), "--key-file", _folder.Write("wrong.key", "rk_wrong"));
        Assert.Equal((1, "401: The key is not known, has ended or was revoked.\n"), (unknown.Code, unknown.Error));

        var exported = await Program.RunAsync(["blocks", "export", .. here]);
        using var document = JsonDocument.Parse(exported.Output);
        Assert.Equal(503, document.RootElement.GetProperty("items").GetArrayLength());
        Assert.DoesNotContain("\\u002B", exported.Output, StringComparison.Ordinal);
        var imported = await Program.RunAsync(["blocks", "import", "--dry-run", _folder.Write("out.json", exported.Output)]);
        Assert.Contains("\"value\":\"AS64500\",\"reason\":\"x\",\"tenant\":\"default\",\"permanent\":true", imported.Output, StringComparison.Ordinal);
        Assert.EndsWith("503 would be added.\n", imported.Output, StringComparison.Ordinal);

        await server.StopAsync();
        var down = await Program.RunAsync(["blocks", "list", .. here]);
        Assert.Equal(3, down.Code);
        Assert.Contains("Is 'riskengine serve' running there?", down.Error, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> OtherAsync(int status, string answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(answer);
        });
        await app.StartAsync();
        return app;
    }
}
