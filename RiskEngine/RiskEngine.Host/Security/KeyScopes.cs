namespace RiskEngine.Host.Security;

/// <summary>What a key may do. <see cref="Admin"/> implies all others, <see cref="EventsWrite"/> implies <see cref="EventsWebhook"/>.</summary>
[Flags]
internal enum KeyScopes : byte
{
    None = 0,
    Evaluate = 1,
    EventsWrite = 2,
    DecisionsRead = 4,
    Admin = 8,

    /// <summary>Post to the webhook's route alone, where a poll confirms what is told.</summary>
    EventsWebhook = 16,
}

/// <summary>Names of scopes on the wire.</summary>
internal static class KeyScopeNames
{
    private static readonly (string Name, KeyScopes Scope)[] Table =
    [
        ("evaluate", KeyScopes.Evaluate), ("events:write", KeyScopes.EventsWrite), ("events:webhook", KeyScopes.EventsWebhook),
        ("decisions:read", KeyScopes.DecisionsRead), ("admin", KeyScopes.Admin),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Table.Select(entry => entry.Name)];

    public static string Name(this KeyScopes scope) => Array.Find(Table, entry => entry.Scope == scope).Name;

    /// <summary>Joins named scopes.</summary>
    /// <returns>False where a name is not a scope.</returns>
    public static bool TryParse(IEnumerable<string> names, out KeyScopes scopes)
    {
        scopes = KeyScopes.None;
        foreach (var name in names)
        {
            var found = Array.Find(Table, entry => entry.Name == name).Scope;
            if (found == KeyScopes.None) return false;
            scopes |= found;
        }

        return true;
    }

    /// <summary>Whether a key with these scopes may do what needs that one.</summary>
    public static bool Allow(this KeyScopes held, KeyScopes needed) =>
        (held & (needed | KeyScopes.Admin)) != KeyScopes.None || (needed == KeyScopes.EventsWebhook && (held & KeyScopes.EventsWrite) != KeyScopes.None);
}
