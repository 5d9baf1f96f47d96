namespace RiskEngine.Core.Policies;

/// <summary>An expression as written, before anything in it has a type.</summary>
/// <param name="Offset">Where it starts in the text.</param>
internal abstract record Syntax(int Offset);

internal sealed record IntegerSyntax(int Offset, long Value) : Syntax(Offset);

internal sealed record DoubleSyntax(int Offset, double Value) : Syntax(Offset);

internal sealed record TextSyntax(int Offset, string Value) : Syntax(Offset);

internal sealed record BoolSyntax(int Offset, bool Value) : Syntax(Offset);

internal sealed record NameSyntax(int Offset, string Name) : Syntax(Offset);

/// <summary><c>target.name</c>.</summary>
internal sealed record SelectSyntax(int Offset, Syntax Target, string Name, int NameOffset) : Syntax(Offset);

/// <summary><c>target[index]</c>.</summary>
internal sealed record IndexSyntax(int Offset, Syntax Target, Syntax Index) : Syntax(Offset);

/// <summary><c>name(…)</c>, or <c>target.name(…)</c>.</summary>
internal sealed record CallSyntax(int Offset, Syntax? Target, string Name, int NameOffset, IReadOnlyList<Syntax> Arguments) : Syntax(Offset);

/// <summary><c>!operand</c> or <c>-operand</c>.</summary>
internal sealed record UnarySyntax(int Offset, char Operator, Syntax Operand) : Syntax(Offset);

/// <summary>A comparison, <c>in</c>, or arithmetic.</summary>
internal sealed record BinarySyntax(int Offset, string Operator, Syntax Left, Syntax Right) : Syntax(Offset);

/// <summary>Operands joined by <c>&amp;&amp;</c> or by <c>||</c>: a row of them is one node, so that length is no depth.</summary>
internal sealed record LogicalSyntax(int Offset, bool IsAnd, IReadOnlyList<Syntax> Operands) : Syntax(Offset);

internal sealed record ConditionalSyntax(int Offset, Syntax Condition, Syntax Then, Syntax Else) : Syntax(Offset);

internal sealed record ListSyntax(int Offset, IReadOnlyList<Syntax> Items) : Syntax(Offset);

internal sealed record MapSyntax(int Offset, IReadOnlyList<(Syntax Key, Syntax Value)> Entries) : Syntax(Offset);
