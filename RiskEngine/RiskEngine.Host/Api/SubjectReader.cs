using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Reads a subject's profile for people.</summary>
internal sealed class SubjectReader(ServerParts parts)
{
    /// <summary>The keys that a subject has by its id, and by its name where it has no id.</summary>
    public static (UInt128 ById, UInt128 ByName) Keys(KeyedHash hash, string tenant, string subject)
    {
        byte[] scope = Encoding.UTF8.GetBytes(tenant), text = Encoding.UTF8.GetBytes(subject);
        return (StateKeys.Subject(hash, scope, text, default), StateKeys.Subject(hash, scope, default, text));
    }

    /// <summary>The profile, as it was before that time as far as the history still tells.</summary>
    /// <returns>Null where nothing is known of the subject.</returns>
    public async Task<SubjectAnswer?> ReadAsync(string tenant, string id, string name, EventTime before, CancellationToken cancellationToken)
    {
        var (byId, _) = Keys(parts.State.Hash, tenant, id);
        var (_, byName) = Keys(parts.State.Hash, tenant, name);
        var view = new StateView();
        var slots = new List<int>();
        if (id.Length > 0) slots.Add(view.Profiles.Add(byId));
        if (name.Length > 0) slots.Add(view.Profiles.Add(byName));
        await parts.State.LoadAsync(view, cancellationToken);
        foreach (var slot in slots)
        {
            if (view.Profiles.Rows.IsFound(slot)) return Describe(view.Profiles.Profile(slot), id.Length > 0 ? id : name, tenant, view.Profiles.Rows.Key(slot), before);
        }

        return null;
    }

    private SubjectAnswer Describe(SubjectProfile profile, string subject, string tenant, UInt128 key, EventTime before)
    {
        var now = before.UnixSeconds;
        ref readonly var header = ref profile.Header;
        var logins = new List<PastLogin>(profile.Logins.Length);
        foreach (ref readonly var login in profile.Logins)
        {
            if (login.At < now) logins.Add(login);
        }

        logins.Reverse();
        var later = profile.Logins.Length - logins.Count;
        return new SubjectAnswer(
            subject, tenant, Time(logins.Count > 0 ? header.FirstLogin : 0), Time(logins.Count > 0 ? logins[0].At : 0), Math.Max(logins.Count, header.Logins - later),
            Math.Round(header.Failures.At(now, ReputationRow.HalfLife), 2), Math.Round(header.FailedAddresses.Count(now, ReputationRow.FailedNamesEpoch), 1),
            Time(header.CompromisedAt <= now ? header.CompromisedAt : 0),
            Seen(logins, Device), Seen(logins, login => login.Country.IsKnown ? login.Country.ToString() : null), Seen(logins, login => login.Asn != 0 ? $"AS{login.Asn}" : null),
            [.. logins.Select(Tell)],
            parts.State.Blocks.Find(BlockScope.Subject, key, before) is { } block ? BlockEndpoints.AnswerOf(block) : null);
    }

    private static List<SeenAnswer> Seen(List<PastLogin> logins, Func<PastLogin, string?> what) =>
    [
        .. logins.Select(login => (Value: what(login), login.At)).Where(seen => seen.Value is not null).GroupBy(seen => seen.Value!)
            .Select(group => new SeenAnswer(group.Key, group.Count(), Time(group.Max(seen => seen.At))!.Value)).OrderByDescending(seen => seen.Logins),
    ];

    private static string? Device(PastLogin login) =>
        login.UserAgent == 0 && login.DeviceId == 0 ? null : $"{UserAgentParser.BrowserName(login.Browser)} on {UserAgentParser.OsName(login.Os)}";

    private static PastLoginAnswer Tell(PastLogin login) => new(
        Time(login.At)!.Value, Address(login.AddressUnit), login.Country.IsKnown ? login.Country.ToString() : null, login.Asn != 0 ? login.Asn : null,
        UserAgentParser.BrowserName(login.Browser), UserAgentParser.OsName(login.Os));

    private static string? Address(ulong unit)
    {
        if (unit == 0) return null;
        return unit >> 32 == 0xFFFF ? IpAddress.FromIPv4((uint)unit).ToString() : new IpAddress(unit, 0) + "/64";
    }

    private static DateTimeOffset? Time(uint seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
}
