using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.File;

/// <summary>Everything a stream gives: ids of events, and faulty records.</summary>
internal sealed record Read(List<string> Ids, List<long> Offsets, List<RejectedRecord> Rejected)
{
    public static Read Text(string text, string format = "riskengine") => Bytes(Encoding.UTF8.GetBytes(text), format);

    public static Read Bytes(byte[] bytes, string format = "riskengine", int step = int.MaxValue)
    {
        using var reader = new EventReader(new SteppedStream(bytes, step), Some.Format(format));
        return All(reader.TryReadBatch);
    }

    public static Read All(Func<EventBatch, ICollection<RejectedRecord>, bool> tryReadBatch)
    {
        var read = new Read([], [], []);
        var batch = new EventBatch();
        while (tryReadBatch(batch, read.Rejected))
        {
            Assert.InRange(batch.Count, 0, 2 * 1024);
            for (var i = 0; i < batch.Count; i++)
            {
                read.Ids.Add(batch.String(batch[i].Id));
                read.Offsets.Add(batch.Positions[i].Offset);
            }
        }

        return read;
    }

    public static string Line(string id, string more = "") => $$"""{"id":"{{id}}","occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":"1"}{{more}}}""";
}

/// <summary>A stream that gives at most a few bytes a read, as a pipe may.</summary>
internal sealed class SteppedStream(byte[] bytes, int step) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(step, buffer.Length)]);
}
