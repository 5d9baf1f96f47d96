namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>Counts what the attacks of one family share with the logins that they stand in place of.</summary>
internal sealed class AttackMarginals
{
    /// <summary>Gets how many share the country, the system, the user agent and the type of device.</summary>
    public long[] Shared { get; } = new long[4];

    public long All { get; private set; }

    public long Desktops { get; private set; }

    public long WithoutHistory { get; private set; }

    public void Observe(BenchmarkCase attack, LoginAttributes replaced)
    {
        All++;
        if (attack.Attributes.DeviceType == "desktop") Desktops++;
        if (attack.HistoryLength == 0) WithoutHistory++;
        if (attack.Attributes.Country == replaced.Country) Shared[0]++;
        if (attack.Attributes.Asn == replaced.Asn) Shared[1]++;
        if (attack.Attributes.UserAgent == replaced.UserAgent) Shared[2]++;
        if (attack.Attributes.DeviceType == replaced.DeviceType) Shared[3]++;
    }
}
