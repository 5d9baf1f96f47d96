namespace RiskEngine.Core.Policies;

internal enum ExpressionKind : byte
{
    Bool,
    Int,
    Double,
    Text,

    /// <summary>A text of a closed set, kept by its number: countries, kinds of event, levels.</summary>
    Name,
    Timestamp,
    Duration,
    Ip,
    Cidr,
    List,
    Map,

    /// <summary>The elements of a list without any.</summary>
    Nothing,
}

/// <summary>What values an expression has. Compared by kind, set of names and elements.</summary>
/// <param name="Names">The closed set of a <see cref="ExpressionKind.Name"/>.</param>
/// <param name="Element">What a list holds, or the values of a map.</param>
/// <param name="Key">The keys of a map.</param>
internal sealed record ExpressionType(ExpressionKind Kind, NameSet? Names = null, ExpressionType? Element = null, ExpressionType? Key = null)
{
    public static readonly ExpressionType Bool = new(ExpressionKind.Bool), Int = new(ExpressionKind.Int), Double = new(ExpressionKind.Double), Text = new(ExpressionKind.Text);
    public static readonly ExpressionType Timestamp = new(ExpressionKind.Timestamp), Duration = new(ExpressionKind.Duration), Ip = new(ExpressionKind.Ip);
    public static readonly ExpressionType Cidr = new(ExpressionKind.Cidr), Nothing = new(ExpressionKind.Nothing);

    public bool IsNumber => Kind is ExpressionKind.Int or ExpressionKind.Double;

    /// <summary>Gets whether it is a text to whoever writes an expression.</summary>
    public bool IsText => Kind is ExpressionKind.Text or ExpressionKind.Name && Names is not { AreBare: true };

    public bool IsAggregate => Kind is ExpressionKind.List or ExpressionKind.Map;

    public static ExpressionType ListOf(ExpressionType element) => new(ExpressionKind.List, Element: element);

    public static ExpressionType MapOf(ExpressionType key, ExpressionType value) => new(ExpressionKind.Map, Element: value, Key: key);

    public static ExpressionType Of(NameSet names) => new(ExpressionKind.Name, names);

    /// <summary>The type as in faults and documents, in the words of CEL.</summary>
    public override string ToString() => Kind switch
    {
        ExpressionKind.Text => "string",
        ExpressionKind.Name when Names!.AreBare => Names.What,
        ExpressionKind.Name => $"string ({Names!.What})",
        ExpressionKind.List when Element!.Kind == ExpressionKind.Nothing => "empty list",
        ExpressionKind.List => $"list({Element})",
        ExpressionKind.Map => $"map({Key}, {Element})",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
