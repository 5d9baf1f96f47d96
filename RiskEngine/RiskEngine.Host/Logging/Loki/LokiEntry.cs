using RiskEngine.Configuration;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>One line on its way to Loki.</summary>
/// <param name="Labels">The stream's labels as a JSON object; the same array for the same labels, see <see cref="LokiLabelSet"/>.</param>
/// <param name="Nanoseconds">When it happened, since 1970.</param>
/// <param name="Line">In UTF-8, without an end of line.</param>
/// <param name="Metadata">What Loki is told beside the line (structured metadata).</param>
internal readonly record struct LokiEntry(LokiStreams Stream, byte[] Labels, long Nanoseconds, ReadOnlyMemory<byte> Line, KeyValuePair<string, string>[] Metadata)
{
    /// <summary>What an entry takes beside its texts: itself in the queue, and the heads of its arrays.</summary>
    private const int Overhead = 192;

    /// <summary>Gets when it was given to the queue.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Gets the memory that it takes, in bytes; metadata of constants is counted with every entry.</summary>
    public int Size
    {
        get
        {
            var size = Overhead + Line.Length;
            foreach (var (name, value) in Metadata) size += 2 * (name.Length + value.Length);
            return size;
        }
    }

    /// <summary>A time as Loki counts it.</summary>
    public static long NanosecondsOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
}
