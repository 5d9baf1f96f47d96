using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A phone on a carrier's network: one of the gateway addresses that all its subscribers of a region share.</summary>
internal sealed class PhoneLine(SeededRandom random)
{
    private const int GatewayAddresses = 40;
    private const double SameGateway = 0.45;
    private static readonly TimeSpan Attachment = TimeSpan.FromMinutes(40);

    private AccessPoint? _last;
    private EventTime _lastUse;

    /// <param name="carrier">Whose network the phone is on; another one abroad.</param>
    public AccessPoint Connect(NetworkOperator carrier, City city, EventTime now)
    {
        var stays = _last is not null && _last.Operator == carrier && _last.City == city && (now - _lastUse < Attachment || random.Chance(SameGateway));
        _last = stays ? _last! : carrier.Pooled(city, GatewayAddresses, random);
        _lastUse = now;
        return _last;
    }
}
