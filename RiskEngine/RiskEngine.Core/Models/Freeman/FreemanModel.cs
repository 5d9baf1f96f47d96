namespace RiskEngine.Core.Models;

/// <summary>The likelihood ratio of Freeman et al. (NDSS 2016, doi 10.14722/ndss.2016.23240) as Wiefling et al. use it (ACM TOPS 26(1), 2022, doi 10.1145/3546069).</summary>
/// <remarks>
/// <para>
/// S = Π p(x) · p(A|x) / p(x|u,L) · p(u|A) / p(u|L) over the address and the user agent, with p(u|A) = 1/|U| and p(u|L) the subject's share of all logins.
/// Weights are those of the authors, the two features count alike. A baseline to be compared with, not a part of the engine.
/// </para>
/// <para>
/// The score falls with the number of a subject's logins, so that one threshold does not mean the same for everybody; that is how the authors define it.
/// Each feature's ratio is at most 4.
/// </para>
/// <para>Deterministic, grows with what it has seen, not thread-safe.</para>
/// </remarks>
public sealed class FreemanModel
{
    /// <summary>Interpolation weights: address, autonomous system, country.</summary>
    private static readonly double[] AddressWeights = [0.6, 0.3, 0.1];

    /// <summary>Interpolation weights: user agent, browser with version, system with version, type of device.</summary>
    private static readonly double[] UserAgentWeights = [0.5386653840551359, 0.2680451498625666, 0.18818295100109536, 0.0051065150812021525];

    private readonly FreemanFeature _address = new(AddressWeights);
    private readonly FreemanFeature _userAgent = new(UserAgentWeights);
    private readonly Dictionary<long, int> _logins = [];
    private int _total;

    /// <summary>Scores a login by the successful ones learnt before it.</summary>
    /// <param name="reputation">p(A|address): how likely an attack comes from there, 0 to 1; 1 where nothing is known of addresses.</param>
    /// <returns>ln S in nats, higher is worse; null at a subject's first login, which is not scored.</returns>
    public double? Score(long subject, in FreemanLogin login, double reputation = 1)
    {
        if (!_logins.TryGetValue(subject, out var logins)) return null;
        var ratio = _address.Ratio([login.Address, login.Asn, login.Country], subject, logins)
            * _userAgent.Ratio([login.UserAgent, login.Browser, login.Os, login.DeviceType], subject, logins)
            * reputation;
        var attacker = 1.0 / _logins.Count;
        var honest = (double)logins / _total;
        return Math.Log(ratio * attacker / honest);
    }

    /// <summary>Takes note of a successful login; failures teach nothing.</summary>
    public void Learn(long subject, in FreemanLogin login)
    {
        _address.Learn([login.Address, login.Asn, login.Country], subject);
        _userAgent.Learn([login.UserAgent, login.Browser, login.Os, login.DeviceType], subject);
        _logins[subject] = _logins.GetValueOrDefault(subject) + 1;
        _total++;
    }
}
