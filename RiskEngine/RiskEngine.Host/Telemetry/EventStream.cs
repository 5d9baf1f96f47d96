using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;

namespace RiskEngine.Host.Telemetry;

/// <summary>Hands every assessment to whoever is listening, as server-sent events. Who cannot keep up is let go.</summary>
/// <remarks>The pipeline never waits: each listener has a bounded queue, and one that is full is closed. Nothing is written while nobody listens.</remarks>
internal sealed class EventStream(int listeners) : IPipelineObserver
{
    /// <summary>Messages that may wait for one listener.</summary>
    public const int QueueCapacity = 1024;

    private readonly Lock _change = new();
    private ImmutableArray<Channel<byte[]>> _listeners = [];

    public void Committed(Effects effects, in BatchTiming timing)
    {
        if (_listeners.IsEmpty) return;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        for (var i = 0; i < effects.Count; i++)
        {
            if (!effects[i].Judged || effects[i].Outcome != Core.Events.EventOutcome.Accepted) continue;
            buffer.ResetWrittenCount();
            buffer.Write("event: assessment\ndata: "u8);
            json.Reset();
            AssessmentJson.Write(json, effects, i);
            json.Flush();
            buffer.Write("\n\n"u8);
            Send(buffer.WrittenSpan.ToArray());
        }

        foreach (var period in effects.AttackChanges) Send([.. "event: attack\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(AttackAnswer.Of(period), ApiJson.Default.AttackAnswer), .. "\n\n"u8]);
    }

    /// <summary>Begins to listen; null where too many do already.</summary>
    public ChannelReader<byte[]>? Join()
    {
        var channel = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true, SingleWriter = true });
        lock (_change)
        {
            if (_listeners.Length >= listeners) return null;
            _listeners = _listeners.Add(channel);
        }

        return channel.Reader;
    }

    public void Leave(ChannelReader<byte[]> reader)
    {
        lock (_change)
        {
            _listeners = _listeners.RemoveAll(channel => channel.Reader == reader);
        }
    }

    private void Send(byte[] message)
    {
        foreach (var channel in _listeners)
        {
            if (channel.Writer.TryWrite(message)) continue;
            channel.Writer.TryComplete();
            Leave(channel.Reader);
        }
    }
}
