using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A line at home: an address leased for a while, for a third of the people an IPv6 prefix beside it.</summary>
/// <remarks>
/// The longer a line was not used, the likelier its lease has changed. The curve is fitted so that, together with offices, phones and travel,
/// the share of logins from an address new to the account follows that of the RBA data set (Wiefling et al. 2022, CC BY 4.0; by gap since
/// the last success 2.4 % below a minute, 5.4 %, 12 %, 22 %, 35 %, 54 %, 76 % above thirty days).
/// </remarks>
internal sealed class HomeLine
{
    private const double IPv6Share = 0.7;
    private static readonly TimeSpan InterfaceLifetime = TimeSpan.FromHours(8);
    private static readonly QuantileTable RenewalByHours = new((0, 0), (0.2, 0.03), (1, 0.08), (24, 0.25), (168, 0.42), (720, 0.72), (1440, 0.9));

    private readonly NetworkOperator _operator;
    private readonly City _city;
    private readonly double _restlessness;
    private readonly SeededRandom _random;
    private AccessPoint _v4;
    private AccessPoint? _v6;
    private EventTime _lastUse;

    public HomeLine(NetworkOperator @operator, City city, bool hasIPv6, EventTime lastUse, SeededRandom random)
    {
        (_operator, _city, _random, _lastUse) = (@operator, city, random, lastUse);
        // Some providers hardly ever renew, others at every chance.
        _restlessness = random.Uniform(0.4, 1.6);
        _v4 = @operator.Lease(city, random);
        _v6 = hasIPv6 ? @operator.LeaseIPv6(city, random) : null;
    }

    public AccessPoint Connect(EventTime now)
    {
        var idle = now - _lastUse;
        _lastUse = now;
        if (_random.Chance(RenewalByHours.At(idle.TotalHours) * _restlessness)) Renew();
        if (idle > InterfaceLifetime) _v6 = _v6?.WithInterface(_random);
        return _v6 is { } v6 && _random.Chance(IPv6Share) ? v6 : _v4;
    }

    private void Renew()
    {
        _v4 = _operator.Lease(_city, _random);
        if (_v6 is not null) _v6 = _operator.LeaseIPv6(_city, _random);
    }
}
