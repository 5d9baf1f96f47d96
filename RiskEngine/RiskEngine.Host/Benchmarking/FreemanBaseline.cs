using RiskEngine.Core.Models;
using RiskEngine.Simulation.Benchmarking.Baselines;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>The published likelihood ratio, with or without a blocklist: an address on it is ten times as likely an attacker's (1 against 0.1).</summary>
internal sealed class FreemanBaseline(bool hasReputation) : IBaseline
{
    public const string Plain = "Freeman", WithReputation = "Freeman + reputation 10:1";

    private const double Listed = 1, NotListed = 0.1;

    private readonly FreemanModel _model = new();

    public string Name => hasReputation ? WithReputation : Plain;

    public double Score(int subject, LoginAttributes login) => _model.Score(subject, Seen(login), hasReputation ? (login.IsListed ? Listed : NotListed) : 1) ?? double.NaN;

    public void Learn(int subject, LoginAttributes login) => _model.Learn(subject, Seen(login));

    private static FreemanLogin Seen(LoginAttributes login) =>
        new(login.Address, login.Asn.ToString(), login.Country, login.UserAgent, login.Browser, login.Os, login.DeviceType);
}
