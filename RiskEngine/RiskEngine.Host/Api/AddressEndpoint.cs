using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/ips/{ip}</c>: the reputation of an address, what it is made of, and what stands for or against it.</summary>
internal sealed class AddressEndpoint(ServerParts parts)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ips/{ip}", FindAsync).Needs(KeyScopes.DecisionsRead)
        .WithName("ips-find").WithTags("ips").WithSummary("Tells the reputation of an address with its parts and reasons.").Problem(400);

    private async Task<Results<Ok<AddressAnswer>, ProblemHttpResult>> FindAsync(HttpContext context, string ip)
    {
        if (!IpAddress.TryParse(ip, out var address) || address.IsUnknown) return Problems.BadRequest("ip: expected an IP address.");
        var facts = parts.Facts;
        var known = facts.Lookup(address);
        var view = new StateView();
        var slots = new List<(string Part, string Value, int Slot)>
        {
            ("address", address.IsIPv4 ? address.ToString() : new IpAddress(address.High, 0) + "/64", view.Reputation.Add(StateKeys.Address(address))),
            ("network", NetworkOf(address), view.Reputation.Add(StateKeys.Network(address))),
        };
        if (known.Asn != 0) slots.Add(("asn", $"AS{known.Asn}", view.Reputation.Add(StateKeys.Asn(known.Asn))));
        await parts.State.LoadAsync(view, context.RequestAborted);

        var now = Audit.Now(parts);
        var row = view.Reputation.Row(slots[0].Slot);
        var answer = new AddressAnswer(
            address.ToString(), Round(row.Shown(now.UnixSeconds)), parts.Engine.Current.Snapshot.Policy.IsShared(row, now.UnixSeconds),
            [.. slots.Select(slot => Tell(slot.Part, slot.Value, view.Reputation.Row(slot.Slot), now.UnixSeconds))],
            Tell(facts, known, address), Standing(parts.State.Blocks, address, known, now), Standing(parts.State.AllowList, address, known, now));
        return TypedResults.Ok(answer);
    }

    private static BlockAnswer? Standing(BlockTable table, in IpAddress address, in AddressFacts known, EventTime now)
    {
        Block?[] standing =
        [
            table.Find(BlockScope.Ip, BlockTable.KeyOf(address), now),
            table.FindRange(address, now),
            known.Asn != 0 ? table.Find(BlockScope.Asn, BlockTable.KeyOf(known.Asn), now) : null,
            known.Country.IsKnown ? table.Find(BlockScope.Country, BlockTable.KeyOf(known.Country), now) : null,
        ];
        return standing.OfType<Block>().MaxBy(block => block.Precedence) is { } first ? BlockEndpoints.AnswerOf(first) : null;
    }

    private static ReputationAnswer Tell(string part, string value, in ReputationRow row, uint now)
    {
        double failures = Round(row.Failures.At(now, ReputationRow.HalfLife)), successes = Round(row.Successes.At(now, ReputationRow.HalfLife));
        double names = Round(row.FailedNames.Count(now, ReputationRow.FailedNamesEpoch)), subjects = Round(row.Subjects.Count(now, ReputationRow.SubjectsEpoch));
        return new ReputationAnswer
        {
            Part = part,
            Value = value,
            Reputation = Round(row.Shown(now)),
            Failures = failures,
            Successes = successes,
            UnknownNames = Round(row.UnknownNames.At(now, ReputationRow.HalfLife)),
            FailedNames = names,
            EstablishedSubjects = subjects,
            EarlierBlocks = Round(row.Blocks.At(now, ReputationRow.BlockHalfLife)),
            FirstSeen = Time(row.FirstSeen),
            LastSeen = Time(row.LastSeen),
            Reason = row.LastSeen == 0 ? "never seen here" : $"{Count(failures, "failure")} on {Count(names, "name")} against {Count(successes, "success", "successes")} of {Count(subjects, "subject")}, fading",
        };
    }

    private static string Count(double count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    private static AddressFactsAnswer Tell(FactSnapshot facts, in AddressFacts known, in IpAddress address)
    {
        var feeds = new List<FeedAnswer>();
        for (var i = 0; i < known.FeedHitCount; i++)
        {
            var hit = known.GetFeedHit(i);
            feeds.Add(new FeedAnswer(facts.FeedName(hit.Feed), facts.FeedGroupOf(hit.Feed).Name(), Round(hit.Evidence), hit.Lists));
        }

        var networks = known.Networks;
        return new AddressFactsAnswer(
            known.Scope.ToString().ToLowerInvariant(), known.Country.IsKnown ? known.Country.ToString() : null, facts.CityOf(address),
            known.Asn != 0 ? known.Asn : null, known.Asn != 0 ? facts.OrganisationOf(known.Asn) : null,
            [.. Enum.GetValues<NetworkKinds>().Where(kind => kind != NetworkKinds.None && (networks & kind) == kind).Select(kind => kind.ToString().ToLowerInvariant())], feeds);
    }

    private static string NetworkOf(in IpAddress address) =>
        address.IsIPv4 ? IpAddress.FromIPv4((uint)address.Network) + "/24" : new IpAddress(address.Network, 0) + "/48";

    private static double Round(double value) => Math.Round(value, 2);

    private static DateTimeOffset? Time(uint seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
}
