namespace RiskEngine.Core.Policies;

/// <summary>What is wrong with a policy, and what to do about it.</summary>
/// <param name="Path">Where, as in the file: <c>rules[2].when.signals[0]</c>; empty for the policy as a whole.</param>
/// <param name="Message">What was found, what is expected, and the remedy.</param>
/// <param name="Offset">Characters before the place in the expression that stands there; null where the whole is meant.</param>
public sealed record PolicyFault(string Path, string Message, int? Offset = null)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
