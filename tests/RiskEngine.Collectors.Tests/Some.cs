using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Collectors.Tests;

/// <summary>Contexts, formats and what they make of a text.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 21, 0, 0, TimeSpan.Zero);

    public static KeyedHash Hash { get; } = new("0123456789abcdef"u8);

    public static FormatContext Context { get; } = new() { Hash = Hash, Clock = new ManualTimeProvider(Now), SourceName = "events.jsonl" };

    public static IEventFormat Format(string name, FormatContext? context = null) =>
        RiskEngine.Collectors.Formats.EventFormats.TryCreate(name, context ?? Context, out var format) ? format : throw new ArgumentException(name);

    public static Parsed Parse(this IEventFormat format, string record, long offset = 0) => format.Parse(Encoding.UTF8.GetBytes(record), offset);

    public static Parsed Parse(this IEventFormat format, byte[] record, long offset = 0)
    {
        var batch = new EventBatch(4);
        return new Parsed(format.Parse(record, new SourcePosition(1, 0, offset), batch), batch);
    }
}

/// <summary>A record's result and its events, for asserting in words.</summary>
internal sealed record Parsed(ParseResult Result, EventBatch Batch)
{
    public Defect Defect => Result.Defect;

    public LoginEvent Event => Result is { Added: 1, IsFaulty: false } ? Batch[0] : throw new InvalidOperationException($"{Result.Added} events, {Result.Defect}");

    public string Text(Func<LoginEvent, Slice> field) => Batch.String(field(Event));

    public string[] List(Func<LoginEvent, SliceRange> field) => [.. Batch.List(field(Event)).ToArray().Select(Batch.String)];
}
