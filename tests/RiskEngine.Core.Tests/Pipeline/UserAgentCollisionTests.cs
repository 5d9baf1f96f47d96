using System.Buffers.Binary;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Pipeline;

public sealed class UserAgentCollisionTests
{
    private static readonly byte[] Honest = Encoding.ASCII.GetBytes("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36");

    private readonly Login _login = new("42", TimeSpan.FromMinutes(1)) { Id = "honest", UserAgent = Honest, DeviceId = "" };

    [Fact]
    public async Task A_user_agent_made_to_collide_by_the_fast_hash_is_not_taken_for_anothers()
    {
        await using var alone = new Judging();
        await alone.SubmitAsync(_login);
        await using var beside = new Judging();
        await beside.SubmitAsync(new Login("bot", TimeSpan.Zero, "198.51.100.66", EventKind.LoginFailed) { UserAgent = Forge(), DeviceId = "" }, _login);
        Assert.Contains("automated_user_agent", beside.Lines[0], StringComparison.Ordinal);
        Assert.Equal(alone.Lines[0], beside.Lines[1]);
    }

    /// <summary>A tool's name with a word behind it that makes up for the difference: the last word before the end decides the hash.</summary>
    private static byte[] Forge()
    {
        var (at, forged) = ((Honest.Length & ~7) - 8, Honest.ToArray());
        "curl/8.5.0      "u8.CopyTo(forged);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(Honest.AsSpan(at)) ^ State(Honest, at) ^ State(forged, at);
        BinaryPrimitives.WriteUInt64LittleEndian(forged.AsSpan(at), word);
        return forged;
    }

    private static ulong State(ReadOnlySpan<byte> text, int until)
    {
        var state = 0x9E3779B97F4A7C15UL ^ ((ulong)text.Length * 0xC2B2AE3D27D4EB4FUL);
        for (var at = 0; at < until; at += 8)
        {
            var high = Math.BigMul(state ^ BinaryPrimitives.ReadUInt64LittleEndian(text[at..]), 0xD6E8FEB86659FD93UL, out var low);
            state = high ^ low;
        }

        return state;
    }
}
