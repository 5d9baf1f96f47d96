namespace RiskEngine.Core.Policies;

/// <summary>Whether what rules decide is obeyed. People's blocks are obeyed in either mode.</summary>
public enum PolicyMode : byte
{
    /// <summary>Decide and record, enforce nothing: the default.</summary>
    Monitor,

    /// <summary>What rules decide is meant.</summary>
    Enforce,
}

/// <summary>Names of the modes in files and on the wire.</summary>
public static class PolicyModes
{
    private static readonly string[] Names = ["monitor", "enforce"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this PolicyMode mode) => Names[(int)mode];

    public static bool TryParse(string? name, out PolicyMode mode)
    {
        var index = Array.IndexOf(Names, name);
        mode = (PolicyMode)Math.Max(index, 0);
        return index >= 0;
    }
}
