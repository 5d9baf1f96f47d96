using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking.Datasets;

/// <summary>What baselines see of an event: what it says itself, else what files of facts know, as the engine has it.</summary>
internal static class DatasetAttributes
{
    public static LoginAttributes Of(EventBatch batch, int index, FactSnapshot facts)
    {
        ref readonly var e = ref batch[index];
        var known = facts.Lookup(e.SourceIp);
        var device = UserAgentParser.Parse(batch.Text(e.UserAgent));
        var country = e.Country.IsKnown ? e.Country : known.Country;
        return new LoginAttributes(
            e.SourceIp.ToString(),
            e.Asn != 0 ? e.Asn : known.Asn,
            country.ToString(),
            batch.String(e.UserAgent),
            $"{UserAgentParser.BrowserName(device.Browser)} {device.BrowserMajor}",
            $"{UserAgentParser.OsName(device.Os)} {device.OsMajor}",
            device.Class.ToString().ToLowerInvariant(),
            known.FeedHitCount > 0);
    }
}
