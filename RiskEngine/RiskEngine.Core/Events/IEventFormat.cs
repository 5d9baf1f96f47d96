namespace RiskEngine.Core.Events;

/// <summary>Understands one source's bytes: a record in, events or a defect out. Pure, but may remember its stream (a CSV header, a year).</summary>
/// <remarks>One instance per stream; not thread-safe. It never throws for what the bytes hold.</remarks>
public interface IEventFormat
{
    /// <summary>Gets the name that <c>--format</c> takes, also the default label of the source.</summary>
    string Name { get; }

    /// <summary>Gets what stands between the fields of comma-separated values, whose records go on over line ends within quotes; null where a line end ends a record.</summary>
    byte? CsvSeparator => null;

    /// <summary>Gets whether a quote opens a field of comma-separated values; otherwise each line is a record and a quote a character as others are.</summary>
    bool CsvQuotes => true;

    /// <summary>Reads one record (a line without its line end, a row of comma-separated values, or one JSON document) and adds what it tells to the batch.</summary>
    /// <returns>
    /// How many events were added (0 for a header, a comment or a line that is not about logins), or the defect; then nothing was added. Only a record
    /// that stands for many can give both: a list (a page of an API) its good elements and the faults of the others, and a line that says how often it
    /// is repeated as many events as are believed.
    /// </returns>
    ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch);
}

/// <summary>What a format made of one record.</summary>
/// <param name="Added">Events added to the batch.</param>
/// <param name="Defect">The fault, the first of them, or none.</param>
/// <param name="Elements">
/// The faults of a record that is a list, one for each faulty element and in their order, 1,024 at most; null where there are none. Each other element gave
/// one event, or nothing, but for <paramref name="MoreFaulty"/>.
/// </param>
/// <param name="MoreFaulty">Faulty elements behind those whose faults are told.</param>
public readonly record struct ParseResult(int Added, Defect Defect, IReadOnlyList<ElementFault>? Elements = null, int MoreFaulty = 0)
{
    /// <summary>Faults that are told of one record.</summary>
    public const int MostElements = 1024;

    public static ParseResult Nothing => default;

    public bool IsFaulty => !Defect.IsNone;

    public static ParseResult Of(int added) => new(added, default);

    public static ParseResult Faulty(DefectReason reason, int position, string detail) => new(0, new Defect(reason, position, detail));
}

/// <summary>The fault of one element of a record that is a list.</summary>
/// <param name="Index">Number of the element in its list, from 0.</param>
/// <param name="Offset">Where the element begins in the record, in bytes.</param>
/// <param name="Defect">The fault; its position counts from the beginning of the element.</param>
public readonly record struct ElementFault(int Index, int Offset, Defect Defect)
{
    /// <summary>Gets the fault with its place in the record: where no place in the element can be named, its beginning.</summary>
    public Defect InRecord => Defect with { Position = Offset + Math.Max(Defect.Position, 0) };
}
