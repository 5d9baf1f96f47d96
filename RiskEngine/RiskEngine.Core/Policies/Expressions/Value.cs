using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>What an expression comes to: one of its fields, by the type of the expression. Lives on the stack.</summary>
internal ref struct Value
{
    /// <summary>A whole number; 0 or 1 of a truth; the number of a name; milliseconds since 1970 or of a duration; the length of a network.</summary>
    public long Number;

    public double Real;

    /// <summary>An address, or the first of a network.</summary>
    public IpAddress Address;

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Text;

    public static Value Of(long number) => new() { Number = number };

    public static Value Of(bool truth) => new() { Number = truth ? 1 : 0 };

    public static Value Of(double real) => new() { Real = real };

    public static Value Of(ReadOnlySpan<byte> text) => new() { Text = text };

    public static Value Of(in IpAddress address) => new() { Address = address };
}

/// <summary>What expressions are evaluated over: one login, its score and signals, and the variables of macros. Lives on the stack.</summary>
internal ref struct Frame
{
    public readonly LoginContext Login;
    public readonly ReadOnlySpan<SignalRecord> Signals;
    public readonly RiskLevel Level;
    public readonly double Score;

    /// <summary>−5 to 5; NaN for unknown.</summary>
    public readonly float AddressReputation;

    /// <summary>The signals as bits by their code.</summary>
    public readonly ulong Present;

    public readonly CompiledPolicy? Policy;

    /// <summary>Variables of the outer and of the inner macro.</summary>
    public Value Outer, Inner;

    private int _steps;

    public Frame(in LoginContext login, RiskLevel level, double score, ReadOnlySpan<SignalRecord> signals, float addressReputation, CompiledPolicy policy)
    {
        Login = login;
        (Level, Score, AddressReputation, Policy) = (level, score, addressReputation, policy);
        Signals = signals;
        foreach (ref readonly var signal in signals) Present |= 1UL << (int)signal.Code;
    }

    /// <summary>Evaluates the body of a macro for one element.</summary>
    /// <param name="level">0 for the variable of an outer macro, 1 for one within.</param>
    public bool TryWith(int level, Value item, Expression body, out Value value)
    {
        ref var local = ref level == 0 ? ref Outer : ref Inner;
        // A variable of the policy may hold a macro of the same level: what it names its element must not stay.
        var before = local;
        local = item;
        var isKnown = body.TryEvaluate(ref this, out var result);
        local = before;
        value = result;
        return isKnown;
    }

    /// <summary>Counts elements visited.</summary>
    /// <returns>False beyond <see cref="ExpressionLimits.Steps"/>.</returns>
    public bool Step(int visits) => (_steps += visits) <= ExpressionLimits.Steps;
}
