using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Baselines;

/// <summary>Challenges whoever logs in from a country that the subject never logged in from: the foil of Freeman et al. (NDSS 2016).</summary>
/// <remarks>1 for a new country, 0 for a known one, nothing at a subject's first login.</remarks>
public sealed class NewCountryBaseline : IBaseline
{
    private readonly SubjectHistory _history = new();

    public string Name => "new country";

    public double Score(int subject, LoginAttributes login) => !_history.Knows(subject) ? double.NaN : _history.Has(subject, login.Country) ? 0 : 1;

    public void Learn(int subject, LoginAttributes login) => _history.Add(subject, login.Country);
}

/// <summary>1 for an address that the subject never logged in from, 0 for a known one, nothing at a first login.</summary>
public sealed class NewAddressBaseline : IBaseline
{
    private readonly SubjectHistory _history = new();

    public string Name => "new address";

    public double Score(int subject, LoginAttributes login) => !_history.Knows(subject) ? double.NaN : _history.Has(subject, login.Address) ? 0 : 1;

    public void Learn(int subject, LoginAttributes login) => _history.Add(subject, login.Address);
}

/// <summary>1 where the address or the user agent is new to the subject, 0 where both are known, nothing at a first login.</summary>
public sealed class NewAddressOrUserAgentBaseline : IBaseline
{
    private readonly SubjectHistory _addresses = new();
    private readonly SubjectHistory _userAgents = new();

    public string Name => "new address or user agent";

    public double Score(int subject, LoginAttributes login) =>
        !_addresses.Knows(subject) ? double.NaN : _addresses.Has(subject, login.Address) && _userAgents.Has(subject, login.UserAgent) ? 0 : 1;

    public void Learn(int subject, LoginAttributes login)
    {
        _addresses.Add(subject, login.Address);
        _userAgents.Add(subject, login.UserAgent);
    }
}
