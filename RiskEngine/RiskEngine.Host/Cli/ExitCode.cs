namespace RiskEngine.Host.Cli;

/// <summary>What the process tells its caller (design, section 4.2).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>A dependency is unreachable.</summary>
    public const int Unreachable = 3;

    /// <summary>The audit is not as it was written (<c>export audit --verify</c>).</summary>
    public const int Broken = 4;
}

/// <summary>A command cannot go on: words for standard error, and the exit code.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int Code { get; } = exitCode;
}
