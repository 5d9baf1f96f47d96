using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/attacks</c>: when the whole fleet was under attack.</summary>
internal sealed class AttackEndpoint(ServerParts parts)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/attacks", ListAsync).Needs(KeyScopes.DecisionsRead)
            .WithName("attacks-list").WithTags("attacks").WithSummary("Lists periods of attack on the fleet as a whole, and surges, newest first.")
            .WithDescription("By event time, as of the newest event: those that go on and the last sixteen that ended. Kinds are brute_force, distributed_brute_force, password_spray, network_spray, credential_stuffing, and the surges new_address_surge and failure_surge.")
            .Produces<AttackList>();

    private async Task<IResult> ListAsync(CancellationToken cancellation)
    {
        var view = new StateView();
        await parts.State.LoadAsync(view, cancellation);
        var monitor = new FleetMonitor();
        monitor.Load(view.Carried.Read(CarriedPart.Season));
        var periods = new AttackPeriod[FleetMonitor.MostPeriods];
        var count = monitor.CopyPeriods(periods);
        return TypedResults.Ok(new AttackList((monitor.Open & AttackKinds.Attacks) != AttackKinds.None, [.. periods[..count].Select(period => AttackAnswer.Of(period))]));
    }
}
