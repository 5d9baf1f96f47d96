namespace RiskEngine.Core.Policies;

internal enum TokenKind : byte
{
    End,
    Name,
    Integer,
    Double,
    Text,
    Symbol,
}

/// <summary>One word of an expression.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Text">The name, symbol or number as written; of a text what it says.</param>
internal readonly record struct Token(TokenKind Kind, int Offset, string Text)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Name && Text == word;

    /// <summary>What it is, for "expected …, found …".</summary>
    public string Describe() => Kind switch
    {
        TokenKind.End => "the end of the expression",
        TokenKind.Text => $"the text \"{(Text.Length > 30 ? Text[..30] + "…" : Text)}\"",
        _ => $"\"{(Text.Length > 30 ? Text[..30] + "…" : Text)}\"",
    };
}
