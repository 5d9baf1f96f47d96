namespace RiskEngine.Core.State;

/// <summary>Who is to be forgotten.</summary>
/// <param name="Subject">The id, or a name: then the one account that has borne it, with every name of that account.</param>
/// <param name="DryRun">Only tell what would go.</param>
public sealed record SubjectErasure(string Tenant, string Subject, bool DryRun);

/// <summary>What went, or would go.</summary>
/// <param name="Accounts">Ids that bore the name, where it is more than one: nothing was done, and one of them has to be named. Empty otherwise.</param>
/// <param name="Rows">Rows by table, every table named.</param>
/// <param name="IsWiped">Whether the places where they stood in the file were overwritten and the log emptied; what is left of that is done at the next start.</param>
public sealed record ErasureReport(IReadOnlyList<string> Accounts, IReadOnlyDictionary<string, long> Rows, bool IsWiped)
{
    /// <summary>Gets the keys of the subject (<see cref="StateKeys.Subject"/>), for whoever else remembers it in memory; empty where nothing was done. Not to be told to anybody.</summary>
    public IReadOnlyList<UInt128> Keys { get; init; } = [];

    /// <summary>Gets its handles (<see cref="SubjectHandle"/>), likewise.</summary>
    public IReadOnlyList<UInt128> Handles { get; init; } = [];

    /// <summary>Names of the tables: those of <see cref="Rows"/>.</summary>
    public const string Profiles = "profiles", Pairs = "pairs", Skeletons = "skeletons", Events = "events", Feedback = "feedback", Blocks = "blocks", AllowList = "allowlist", Outbox = "outbox", Audit = "audit";

    public static IReadOnlyList<string> Tables { get; } = [Profiles, Pairs, Skeletons, Events, Feedback, Blocks, AllowList, Outbox, Audit];
}
