using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>The key of what people call a subject by: its id, or its name where it has no id, as assessments show it and blocks take it.</summary>
/// <remarks>Unlike <see cref="StateKeys.Subject"/> it does not tell the two apart, since who writes a block does not either. Pure.</remarks>
public static class SubjectHandle
{
    private const ulong ReceiptTweak = 0x6572617365;

    public static UInt128 Of(KeyedHash hash, string tenant, string subject) =>
        StateKeys.Subject(hash, Encoding.UTF8.GetBytes(tenant), Encoding.UTF8.GetBytes(subject), default);

    /// <summary>What the audit says in the place of a subject that was erased: "~" and 16 digits of a keyed hash of its own, which no row is found by.</summary>
    public static string Receipt(KeyedHash hash, string tenant, string subject) =>
        $"~{(ulong)hash.Hash(Encoding.UTF8.GetBytes($"{tenant}\0{subject}"), ReceiptTweak):x16}";

    /// <summary>Whom an entry of a list names; null for nobody.</summary>
    public static UInt128? Of(KeyedHash hash, Block block) => NameIn(block) is { } name ? Of(hash, block.Tenant, name) : null;

    /// <summary>The subject that an entry names; null where it names none.</summary>
    public static string? NameIn(Block block) => NameIn(block.Scope, block.Value);

    /// <summary>The same of an entry's scope and value.</summary>
    public static string? NameIn(BlockScope scope, string value) => scope switch
    {
        BlockScope.Subject => value,
        BlockScope.Pair when value.LastIndexOf('@') is > 0 and var at => value[..at],
        _ => null,
    };
}
