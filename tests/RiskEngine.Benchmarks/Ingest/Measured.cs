namespace RiskEngine.Benchmarks.Ingest;

/// <summary>One round of posting at full speed.</summary>
/// <param name="EventsPerSecond">From the first request to the last answer.</param>
/// <param name="Microseconds">Of the server's processor an event, until the last answer.</param>
/// <param name="Afterwards">The same for what it still did when all was answered.</param>
/// <param name="ClientMicroseconds">Of the client's processor an event: what the machine spent on asking.</param>
/// <param name="Written">Bytes written an event, also afterwards.</param>
/// <param name="Answers">Milliseconds to each answer, in rising order.</param>
/// <param name="Flushes">Durable transactions, in words.</param>
internal sealed record Measured(double EventsPerSecond, double Microseconds, double Afterwards, double ClientMicroseconds, double Written, double[] Answers, string Flushes)
{
    public override string ToString() =>
        $"{Microseconds:N1} µs of processor an event and {Afterwards:N1} afterwards, client {ClientMicroseconds:N1}; {Written:N0} B written; {Flushes}; answer p50 {Quantile(0.5):N1} ms, p99 {Quantile(0.99):N1} ms";

    private double Quantile(double share) => Answers[(int)Math.Min(Answers.Length - 1, share * Answers.Length)];
}
