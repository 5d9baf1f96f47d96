namespace RiskEngine.Host.Benchmarking;

/// <summary>A clock that stands after the end of every stream, so that no case of one lies in the future and results repeat on any day.</summary>
internal sealed class FixedClock : TimeProvider
{
    private static readonly DateTimeOffset End = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => End;
}
