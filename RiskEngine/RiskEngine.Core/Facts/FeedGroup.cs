namespace RiskEngine.Core.Facts;

/// <summary>What a feed's entries mean, as configured under <c>feeds[].group</c>.</summary>
public enum FeedGroup : byte
{
    /// <summary>Addresses seen misbehaving elsewhere; evidence in the group <c>reputation</c>.</summary>
    Reputation,

    /// <summary>A list of one's own; evidence in the group <c>list</c>.</summary>
    List,

    /// <summary>Sets <see cref="NetworkKinds.Tor"/>; so on for the following.</summary>
    Tor,
    Vpn,
    DataCentre,
    Mobile,
    Relay,
}

/// <summary>Names of the groups in the configuration, and what a hit of each means.</summary>
public static class FeedGroups
{
    private static readonly string[] Names = ["reputation", "list", "tor", "vpn", "datacentre", "mobile", "relay"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this FeedGroup group) => Names[(int)group];

    public static bool TryParse(string? name, out FeedGroup group)
    {
        var index = Array.IndexOf(Names, name);
        group = (FeedGroup)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The kind of network that a hit sets; none for groups that only give evidence.</summary>
    public static NetworkKinds Networks(this FeedGroup group) => group switch
    {
        FeedGroup.Tor => NetworkKinds.Tor,
        FeedGroup.Vpn => NetworkKinds.Vpn,
        FeedGroup.DataCentre => NetworkKinds.DataCentre,
        FeedGroup.Mobile => NetworkKinds.Mobile,
        FeedGroup.Relay => NetworkKinds.Relay,
        _ => NetworkKinds.None,
    };
}
