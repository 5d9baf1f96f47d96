using System.ComponentModel;

namespace RiskEngine.Host.Api;

/// <summary>How one part of an address's surroundings behaved here.</summary>
internal sealed record ReputationAnswer
{
    [Description("address, network or asn.")]
    public required string Part { get; init; }

    [Description("What was counted: the address, the network around it, the autonomous system.")]
    public required string Value { get; init; }

    [Description("From -5, bad, to 5: successes less failures, each counting half after a day.")]
    public required double Reputation { get; init; }

    public required double Failures { get; init; }

    public required double Successes { get; init; }

    [Description("Failures on names that do not exist.")]
    public required double UnknownNames { get; init; }

    [Description("About how many names failed in the last six to twelve hours.")]
    public required double FailedNames { get; init; }

    [Description("About how many subjects logged in successfully in the last 15 to 30 days.")]
    public required double EstablishedSubjects { get; init; }

    public required double EarlierBlocks { get; init; }

    public required DateTimeOffset? FirstSeen { get; init; }

    public required DateTimeOffset? LastSeen { get; init; }

    [Description("The numbers in words.")]
    public required string Reason { get; init; }
}

/// <summary>What feeds and databases say.</summary>
internal sealed record AddressFactsAnswer(
    string Reach, string? Country, string? City, long? Asn, string? Organization, IReadOnlyList<string> Networks, IReadOnlyList<FeedAnswer> Feeds);

/// <summary>One feed that names the address.</summary>
internal sealed record FeedAnswer(string Name, string Group, double Evidence, int Lists);

/// <summary>All that is known of an address.</summary>
internal sealed record AddressAnswer(
    string Ip, double Reputation, bool Shared, IReadOnlyList<ReputationAnswer> Parts, AddressFactsAnswer Facts, BlockAnswer? Block, BlockAnswer? Allow);
