namespace RiskEngine.Simulation.Randomness;

/// <summary>What a generator is for; part of its seed.</summary>
internal enum Purpose : byte
{
    Networks = 1,
    Population,
    Person,
    Service,
    Campaign,
    AttackPlan,
    AttackerHosts,
    BenchmarkWorld,
    BenchmarkSubject,
    BenchmarkFailures,
    BenchmarkProbes,
    BenchmarkCampaigns,
    BenchmarkUnknownNames,
}
