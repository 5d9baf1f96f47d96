namespace RiskEngine.Configuration;

/// <summary>One thing that is wrong with what was configured: where, which key, and what to do about it.</summary>
/// <param name="Source">The file as it was named, or the environment variable.</param>
/// <param name="Line">From 1; 0 where there are no lines.</param>
/// <param name="Column">From 1; 0 where there are none.</param>
/// <param name="Key">The key as in <c>policy.mode</c> or <c>feeds[1].group</c>; empty for the whole.</param>
/// <param name="Message">What is expected and what was found. Never a value that could be a secret's.</param>
public sealed record ConfigurationFault(string Source, int Line, int Column, string Key, string Message)
{
    public override string ToString()
    {
        var place = Line > 0 ? $"{Source}:{Line}:{Column}" : Source;
        return Key.Length > 0 ? $"{place}: {Key}: {Message}" : $"{place}: {Message}";
    }
}
