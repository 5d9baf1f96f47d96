using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Replaying;

/// <summary>Writes every assessment as a line of JSON, batch by batch.</summary>
/// <remarks>The stream may hold back what it was given until <see cref="Flush"/>.</remarks>
internal sealed class AssessmentOutput(Stream output) : IPipelineObserver, IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024 * 1024);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Committed(Effects effects, in BatchTiming timing)
    {
        _buffer.ResetWrittenCount();
        for (var i = 0; i < effects.Count; i++)
        {
            if (!effects[i].Judged) continue;
            _writer.Reset(_buffer);
            AssessmentJson.Write(_writer, effects, i);
            _writer.Flush();
            _buffer.Write("\n"u8);
        }

        output.Write(_buffer.WrittenSpan);
    }

    /// <summary>Hands over what was written so far. Not while a batch is under way.</summary>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Flush() => output.Flush();

    public void Dispose()
    {
        _writer.Dispose();
        output.Dispose();
    }
}
