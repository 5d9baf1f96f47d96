using System.Text;
using System.Text.Unicode;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

/// <summary>Damaged records by the hundred thousand, from a fixed seed.</summary>
public sealed class MutationTests
{
    private const int Count = 200_000;

    private static readonly byte[][] Tokens =
    [
        .. new[] { "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ",", ":", " from ", " port ", " for ", " user ", "null", "1e999", "-", "%", "\0", "[preauth]", "\"\"", ": [" }
            .Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    [Theory, InlineData("riskengine"), InlineData("authentik"), InlineData("rba"), InlineData("sshd"), InlineData("keycloak"), InlineData("mapped json"), InlineData("mapped csv")]
    public void No_damage_makes_a_format_throw_or_keep_half_an_event(string name)
    {
        var random = new Random(20261121);
        var format = Samples.Format(name);
        var samples = Samples.Of(name).Select(Encoding.UTF8.GetBytes).ToArray();
        var batch = new EventBatch();
        for (var i = 0; i < Count; i++)
        {
            if (i % 100 == 0) batch.Clear();
            var before = batch.Here;
            var result = format.Parse(Damage(samples[random.Next(samples.Length)], random), new SourcePosition(0, 0, i), batch);
            Check(result, batch, before);
        }
    }

    private static void Check(ParseResult result, EventBatch batch, EventBatch.Mark before)
    {
        if (batch.Count - before.Count != result.Added) throw new InvalidOperationException($"{result} but {batch.Count - before.Count} events.");
        if (result.IsFaulty && string.IsNullOrEmpty(result.Defect.Detail)) throw new InvalidOperationException("A defect without words.");
        foreach (ref readonly var e in batch.Events[before.Count..])
        {
            if (e.Id.IsEmpty || e.OccurredAt == default || (e.SubjectId.IsEmpty && e.SubjectName.IsEmpty)) throw new InvalidOperationException("Half an event.");
            if (!Utf8.IsValid(batch.Text(e.Id)) || !Utf8.IsValid(batch.Text(e.SubjectName)) || !Utf8.IsValid(batch.Text(e.UserAgent))) throw new InvalidOperationException("Broken text.");
            if (e.SubjectIsUnknown && (!e.SubjectId.IsEmpty || e.SubjectName.Length != Pseudonyms.NameLength)) throw new InvalidOperationException("A name in clear.");
        }
    }

    private static byte[] Damage(byte[] record, Random random)
    {
        List<byte> bytes = [.. record];
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                default: bytes.InsertRange(at, bytes.GetRange(0, at)); break;
            }
        }

        return [.. bytes];
    }
}
