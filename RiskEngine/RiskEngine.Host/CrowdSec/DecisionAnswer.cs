using System.IO.Compression;
using System.IO.Pipelines;
using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.CrowdSec;

/// <summary>An answer with decisions, written a piece at a time into the connection's own buffers: half a million of them are never one text.</summary>
/// <remarks>Belongs to one request. A reader that takes nothing for fifteen seconds is let go.</remarks>
internal sealed class DecisionAnswer : IAsyncDisposable
{
    private const int Piece = 32 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>What is told of a block that never ends: the LAPI knows no such thing.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly JsonEncodedText Duration = JsonEncodedText.Encode("duration"), Id = JsonEncodedText.Encode("id"), Origin = JsonEncodedText.Encode("origin"),
        Scenario = JsonEncodedText.Encode("scenario"), Scope = JsonEncodedText.Encode("scope"), Type = JsonEncodedText.Encode("type"), Ban = JsonEncodedText.Encode("ban"),
        Value = JsonEncodedText.Encode("value");

    private readonly HttpContext _context;
    private readonly EventTime _now;
    private readonly GZipStream? _gzip;
    private readonly PipeWriter _pipe;
    private readonly Utf8JsonWriter _json;
    private readonly CancellationTokenSource _patience;
    private long _flushed;

    public DecisionAnswer(HttpContext context, EventTime now)
    {
        (_context, _now) = (context, now);
        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        if (TakesGzip(context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Vary = "Accept-Encoding";
            _gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        }

        _pipe = _gzip is null ? response.BodyWriter : PipeWriter.Create(_gzip, new StreamPipeWriterOptions(leaveOpen: true));
        _json = new Utf8JsonWriter(_pipe, new JsonWriterOptions { SkipValidation = true });
        _patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
    }

    /// <summary>Gets the JSON that is being written, for what stands around the decisions.</summary>
    public Utf8JsonWriter Json => _json;

    /// <summary>Writes decisions as an array; <c>null</c> for none.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<BouncerDecision> decisions, Predicate<BouncerDecision> takes)
    {
        var isEmpty = true;
        foreach (var decision in decisions)
        {
            if (!takes(decision)) continue;
            if (isEmpty) _json.WriteStartArray();
            isEmpty = false;
            Write(decision);
            if (_json.BytesCommitted + _json.BytesPending - _flushed >= Piece) await FlushAsync();
        }

        if (isEmpty) _json.WriteNullValue();
        else _json.WriteEndArray();
    }

    /// <summary>Writes the end.</summary>
    /// <returns>Whether all of it left.</returns>
    public async ValueTask<bool> CompleteAsync()
    {
        await FlushAsync();
        if (_gzip is not null)
        {
            await _pipe.CompleteAsync();
            await _gzip.DisposeAsync();
        }

        await _context.Response.CompleteAsync().WaitAsync(_patience.Token);
        return !_context.RequestAborted.IsCancellationRequested;
    }

    public async ValueTask DisposeAsync()
    {
        _patience.Dispose();
        await _json.DisposeAsync();
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding is { } encodings && encodings.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0);

    private async ValueTask FlushAsync()
    {
        _json.Flush();
        _flushed = _json.BytesCommitted;
        _patience.CancelAfter(Patience);
        try
        {
            await _pipe.FlushAsync(_patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Half an answer must not look like a whole one.
            _context.Abort();
            throw;
        }
    }

    private void Write(BouncerDecision decision)
    {
        Span<byte> text = stackalloc byte[DecisionKey.MaxLength];
        _json.WriteStartObject();
        _json.WriteString(Duration, text[..GoDuration.Format(Left(decision), text)]);
        _json.WriteNumber(Id, decision.Id);
        _json.WriteString(Origin, decision.OriginName);
        _json.WriteString(Scenario, decision.Scenario);
        _json.WriteString(Scope, decision.Key.ScopeName);
        _json.WriteString(Type, Ban);
        _json.WriteString(Value, text[..decision.Key.Format(text)]);
        _json.WriteEndObject();
    }

    private TimeSpan Left(BouncerDecision decision)
    {
        if (decision.EndedAt is { } ended) return ended - _now;
        return decision.Until is { } until && until - _now < Longest ? until - _now : Longest;
    }
}
