using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Everything known of the outside world at one moment. Immutable and thread-safe; a reload builds a new one.</summary>
public sealed class FactSnapshot
{
    private FactSnapshot()
    {
    }

    /// <summary>Gets the snapshot that knows only the scope of an address.</summary>
    public static FactSnapshot Empty { get; } = new();

    /// <summary>Gets the <c>facts_version</c> of assessments.</summary>
    public string Version => "none";

    public bool HasCity => false;

    public bool HasAsn => false;

    public AddressFacts Lookup(in IpAddress address)
    {
        var facts = AddressFacts.Unknown;
        facts.Scope = AddressScopes.Of(address);
        return facts;
    }

    public string FeedName(int feed) => throw new ArgumentOutOfRangeException(nameof(feed));

    public FeedGroup FeedGroupOf(int feed) => throw new ArgumentOutOfRangeException(nameof(feed));

    public string? OrganisationOf(uint asn) => null;
}
