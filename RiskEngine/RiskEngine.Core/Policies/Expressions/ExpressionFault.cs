namespace RiskEngine.Core.Policies;

/// <summary>What is wrong with an expression, and where.</summary>
/// <param name="Offset">Characters before the place, from 0, in the text of the expression.</param>
/// <param name="Message">What is expected, what was found, and what to write instead.</param>
public sealed record ExpressionFault(int Offset, string Message);

/// <summary>Ends the reading of an expression, or of one operand of it. Never leaves this folder.</summary>
internal sealed class ExpressionException(int offset, string message) : Exception(message.Length <= LongestMessage ? message : message[..LongestMessage] + "…")
{
    private const int LongestMessage = 280;

    public ExpressionFault Fault => new(offset, Message);
}
