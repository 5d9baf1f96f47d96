namespace RiskEngine.Core.Events;

/// <summary>How suspicious a login is, by thresholds of its risk score.</summary>
public enum RiskLevel : byte
{
    None,
    Low,
    Medium,
    High,
}

/// <summary>What is to be done about a login, ordered by severity.</summary>
public enum DecisionAction : byte
{
    Allow,
    Notify,
    Challenge,
    Block,
}

/// <summary>The family a signal belongs to; correlated evidence is discounted within it.</summary>
public enum SignalGroup : byte
{
    Reputation,
    Velocity,
    Novelty,
    Session,
    List,
    Account,
}

/// <summary>What a person said of an assessment.</summary>
public enum FeedbackLabel : byte
{
    Safe,
    Compromised,
    Dismissed,
}

/// <summary>Facts that were missing when a login was judged.</summary>
[Flags]
public enum DegradedFacts : ushort
{
    None = 0,
    /// <summary>The source named no address, or one that nobody outside can reach.</summary>
    Address = 1,
    /// <summary>No location: no database, or the address is not in it.</summary>
    Location = 2,
    /// <summary>No autonomous system.</summary>
    Asn = 4,
    /// <summary>Feeds are configured and none could be read.</summary>
    Feeds = 8,
    /// <summary>The store did not answer; judged without history.</summary>
    Store = 16,
    /// <summary>Too busy; judged by lists and active blocks only.</summary>
    Overload = 32,
    /// <summary>One address carries most of all logins: a proxy is misread, so address signals are off.</summary>
    Proxy = 64,
    /// <summary>The location that the source gave cannot be one and was left out; the look-up stood in for it.</summary>
    Geo = 128,
}

/// <summary>Names of levels, actions, groups, labels and missing facts on the wire.</summary>
public static class VerdictNames
{
    private static readonly string[] Levels = ["none", "low", "medium", "high"];
    private static readonly string[] Actions = ["allow", "notify", "challenge", "block"];
    private static readonly string[] Groups = ["reputation", "velocity", "novelty", "session", "list", "account"];
    private static readonly string[] Labels = ["safe", "compromised", "dismissed"];
    private static readonly string[] Facts = ["address", "location", "asn", "feeds", "store", "overload", "proxy", "geo"];

    public static string Name(this RiskLevel level) => Levels[(int)level];

    public static string Name(this DecisionAction action) => Actions[(int)action];

    public static string Name(this SignalGroup group) => Groups[(int)group];

    public static string Name(this FeedbackLabel label) => Labels[(int)label];

    public static bool TryParse(string? name, out RiskLevel level)
    {
        var found = TryFind(Levels, name, out var index);
        level = (RiskLevel)index;
        return found;
    }

    public static bool TryParse(string? name, out DecisionAction action)
    {
        var found = TryFind(Actions, name, out var index);
        action = (DecisionAction)index;
        return found;
    }

    public static bool TryParse(string? name, out SignalGroup group)
    {
        var found = TryFind(Groups, name, out var index);
        group = (SignalGroup)index;
        return found;
    }

    public static bool TryParse(string? name, out FeedbackLabel label)
    {
        var found = TryFind(Labels, name, out var index);
        label = (FeedbackLabel)index;
        return found;
    }

    /// <summary>Gets every fact that can be missing, with its name.</summary>
    public static IReadOnlyList<(DegradedFacts Fact, string Name)> AllFacts { get; } = [.. Facts.Select((name, index) => ((DegradedFacts)(1 << index), name))];

    private static bool TryFind(string[] names, string? name, out int index)
    {
        index = name is null ? -1 : Array.IndexOf(names, name);
        if (index >= 0) return true;
        index = 0;
        return false;
    }
}
