namespace RiskEngine.Host.Serving;

/// <summary>How much one caller, and one request, may ask for.</summary>
public sealed record RequestLimits
{
    /// <summary>A rate that nobody reaches.</summary>
    public const int Unlimited = 1_000_000;

    /// <summary>Gets the size of a body above which it is refused, compressed or not.</summary>
    /// <value>Bytes. The default is 16 MiB.</value>
    public int BodyBytes { get; init; } = 16 << 20;

    /// <summary>Gets the same for <c>POST /api/v1/evaluate</c>.</summary>
    /// <value>Bytes. The default is 64 KiB.</value>
    public int EvaluateBodyBytes { get; init; } = 64 << 10;

    /// <summary>Gets requests a second that a key may make in the long run, evaluations and submissions aside.</summary>
    /// <value>More than 0. The default is 100.</value>
    public double RequestsPerSecond { get; init; } = 100;

    /// <summary>Gets how many of these may come at once.</summary>
    /// <value>At least 1. The default is 500.</value>
    public int RequestBurst { get; init; } = 500;

    /// <summary>Gets submissions of events a second that a key may make in the long run. Evaluations have no limit: a login must not wait for one.</summary>
    /// <value>More than 0. The default is 20,000: the pipeline's queue pushes back long before.</value>
    public double SubmissionsPerSecond { get; init; } = 20_000;

    /// <summary>Gets how many of these may come at once.</summary>
    /// <value>At least 1. The default is 40,000.</value>
    public int SubmissionBurst { get; init; } = 40_000;

    /// <summary>Gets requests a second without a key that works that one address may make in the long run; beyond, they get 429 and no line in the log.</summary>
    /// <value>More than 0. The default is 10.</value>
    public double FailuresPerSecond { get; init; } = 10;

    /// <summary>Gets how many of these may come at once.</summary>
    /// <value>At least 1. The default is 100.</value>
    public int FailureBurst { get; init; } = 100;

    /// <summary>Gets how long a request may take, evaluations, submissions and streams aside.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how many streams may be open at once.</summary>
    /// <value>The default is 32.</value>
    public int Streams { get; init; } = 32;
}
