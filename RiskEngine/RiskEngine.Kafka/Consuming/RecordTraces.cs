using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using RiskEngine.Core.Events;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Consuming;

/// <summary>Reads which trace a record came with. One that is none is told and left out; the record is judged all the same.</summary>
/// <remarks>Not thread-safe. The records of one request follow upon each other with the same header, so the last one is remembered.</remarks>
internal sealed class RecordTraces(IKafkaObserver observer)
{
    private byte[] _header = [];
    private ActivityContext _trace;

    /// <summary>The trace of a record with these headers; the default for none.</summary>
    public ActivityContext Of(Headers? headers)
    {
        if (headers is null || !headers.TryGetLastBytes(RecordHeaders.TraceParent, out var header)) return default;
        var state = RecordHeaders.Find(headers, RecordHeaders.TraceState);
        if (header is not null && state is null && header.AsSpan().SequenceEqual(_header)) return _trace;
        if (!TraceParent.TryRead(header, out var trace))
        {
            observer.TraceRefused();
            return default;
        }

        if (state is not null) return new ActivityContext(trace.TraceId, trace.SpanId, trace.TraceFlags, Encoding.ASCII.GetString(state), isRemote: true);
        (_header, _trace) = (header!, trace);
        return trace;
    }
}
