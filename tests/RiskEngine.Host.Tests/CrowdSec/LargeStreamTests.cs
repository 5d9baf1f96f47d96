using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Host.Tests.Api;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>Half a million standing blocks. Alone, since what is allocated is measured.</summary>
[Collection(Alone.Name)]
public sealed class LargeStreamTests(ITestOutputHelper output)
{
    private const int Blocks = 500_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_a_million_blocks_are_streamed_without_a_text_of_them(bool isCompressed)
    {
        await using var server = await RunningServer.StartAsync();
        SomeBlocks.Put(server.Store.Blocks, Blocks, EventTime.From(DateTimeOffset.UtcNow));
        using var bouncer = Bouncer.Of(new Uri(server.App.Urls.First()), server.AdminKey);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var first = await ReadAsync(bouncer, "?startup=true", isCompressed);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        var again = await ReadAsync(bouncer, "?startup=true", isCompressed);
        var delta = await ReadAsync(bouncer, "", isCompressed);

        output.WriteLine($"{Blocks} blocks, gzip {isCompressed}: first {first}, again {again}, delta {delta}, ledger {kept / 1e6:F1} MB");
        // Measured: 8 MB of references to what is written, and buffers. The text is 70 MB.
        Assert.InRange(again.Allocated, 0, 24_000_000);
        Assert.InRange(delta.Bytes, 1, 200);
    }

    private static async Task<Read> ReadAsync(Bouncer bouncer, string query, bool isCompressed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Bouncer.Stream + query);
        if (isCompressed) request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        var buffer = new byte[64 << 10];
        var (allocated, started) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        using var response = await bouncer.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var bytes = 0L;
        for (var read = -1; read != 0; bytes += read) read = await body.ReadAsync(buffer);
        return new Read(bytes, GC.GetTotalAllocatedBytes(precise: true) - allocated, Stopwatch.GetElapsedTime(started));
    }

    private sealed record Read(long Bytes, long Allocated, TimeSpan Took)
    {
        public override string ToString() => $"{Bytes / 1e6:F1} MB in {Took.TotalMilliseconds:F0} ms, {Allocated / 1e6:F1} MB allocated";
    }
}

/// <summary>Tests that nothing else may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
