using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>Which fields of a login are known of a stored one, as bits by <see cref="FieldId"/>; the others have to count as anything.</summary>
/// <remarks>
/// The event, its score and what policies could ask beside are stored; the ids of session and device are not, nor the names of feeds that no signal tells. Rows of
/// older builds lack more (<see cref="StoredLogin.Known"/>): there, reputation is where a signal shows it, and is known to be missing where the address said nothing.
/// </remarks>
internal static class StoredFields
{
    /// <summary>Fields that older builds kept nothing of.</summary>
    private static readonly ulong OnceNotStored = Bits(
        FieldId.EventMfa, FieldId.EventReason, FieldId.EventRoundTrip, FieldId.SubjectUnknown, FieldId.SubjectGroups, FieldId.SubjectServiceAccount, FieldId.SubjectLogins,
        FieldId.SubjectLastLogin, FieldId.SubjectDaysSinceLastLogin, FieldId.SessionKnown, FieldId.DeviceKnown, FieldId.DeviceId, FieldId.AddressShared, FieldId.NetworkKinds,
        FieldId.FleetUnderAttack, FieldId.FleetAttacks);

    /// <summary>Fields that are read from the user agent, which is worth doing only where somebody asks.</summary>
    public static ulong OfDevice { get; } = Bits(FieldId.DeviceBrowser, FieldId.DeviceBrowserVersion, FieldId.DeviceOs, FieldId.DeviceClass);

    public static ulong Bits(params ReadOnlySpan<FieldId> fields)
    {
        var bits = 0UL;
        foreach (var field in fields) bits |= 1UL << (int)field;
        return bits;
    }

    /// <summary>Fields that a condition asks, wherever in it.</summary>
    public static ulong AskedBy(Expression condition)
    {
        var bits = condition switch
        {
            FieldExpression field => Bits(field.Id),
            FieldListExpression list => Bits(list.Id),
            HasFieldExpression has => Bits(has.Id),
            _ => 0UL,
        };
        foreach (var part in condition.Parts) bits |= AskedBy(part);
        return bits;
    }

    /// <summary>What is not known of this login.</summary>
    /// <param name="policy">By whose trusted networks it is judged: those for some groups cannot be told.</param>
    public static ulong UnknownOf(StoredLogin login, CompiledPolicy policy)
    {
        ref readonly var e = ref login.Event;
        if (login.Known is { } known) return Bits(FieldId.DeviceId) | (known.Feeds > 0 ? Bits(FieldId.NetworkFeeds) : 0);
        var unknown = OnceNotStored;
        if (AddressScopes.Of(e.SourceIp) == AddressScope.Public) unknown |= Bits(FieldId.NetworkFeeds);
        foreach (var trusted in policy.Definition.TrustedNetworks)
        {
            if (trusted.Groups.Count > 0) unknown |= Bits(FieldId.NetworkTrusted);
        }

        if (!IsAddressEvaluable(login)) return unknown;
        if (Find(login, SignalCode.AddressReputation) < 0) unknown |= Bits(FieldId.ReputationAddress);
        if (Find(login, SignalCode.NetworkReputation) < 0) unknown |= Bits(FieldId.ReputationNetwork);
        if (Find(login, SignalCode.PairReputation) < 0) unknown |= Bits(FieldId.ReputationPair);
        return login.Asn != 0 ? unknown | Bits(FieldId.ReputationAsn) : unknown;
    }

    /// <summary>Whether anything was held against the address when it was judged.</summary>
    public static bool IsAddressEvaluable(StoredLogin login) => (login.Degraded & (DegradedFacts.Address | DegradedFacts.Proxy)) == DegradedFacts.None;

    /// <summary>The first number of a signal; NaN where it is not there.</summary>
    public static float NumberOf(StoredLogin login, SignalCode code) => Find(login, code) is >= 0 and var at ? (float)login.Signals[at].A : float.NaN;

    /// <summary>Whether a signal shows that a list which is not stored holds an element: a kind of network, a feed that has been named.</summary>
    public static bool Shows(StoredLogin login, FieldId list, ConstantExpression element)
    {
        if (list == FieldId.NetworkKinds) return Find(login, SignalOf((NetworkKinds)(1 << (int)element.Value.Number))) >= 0;
        if (list != FieldId.NetworkFeeds) return false;
        var at = Find(login, SignalCode.FeedHit);
        return at >= 0 && Names(login.Batch.Text(login.Signals[at].Detail), element.Type.Names!.Utf8(element.Value.Number));
    }

    private static SignalCode SignalOf(NetworkKinds kind) => kind switch
    {
        NetworkKinds.Tor => SignalCode.TorExit,
        NetworkKinds.Vpn => SignalCode.VpnNetwork,
        NetworkKinds.DataCentre => SignalCode.DataCentreNetwork,
        _ => SignalCode.None,
    };

    /// <summary>Whether a text such as "ipsum (5 lists), tor" names a feed, see <see cref="FeedHitDetail"/>.</summary>
    private static bool Names(ReadOnlySpan<byte> detail, ReadOnlySpan<byte> feed)
    {
        foreach (var range in MemoryExtensions.Split(detail, ", "u8))
        {
            var named = detail[range];
            if (named.StartsWith(feed) && (named.Length == feed.Length || named[feed.Length..].StartsWith(" ("u8))) return true;
        }

        return false;
    }

    private static int Find(StoredLogin login, SignalCode code)
    {
        for (var i = 0; i < login.SignalCount; i++)
        {
            if (login.Signals[i].Code == code) return i;
        }

        return -1;
    }
}
