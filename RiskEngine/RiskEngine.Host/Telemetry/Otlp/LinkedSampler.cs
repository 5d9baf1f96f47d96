using OpenTelemetry.Trace;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>Which spans are recorded: those of a trace whose caller has it recorded, those that lead to such a trace by a link, and of the others a share.</summary>
/// <remarks>Without the second, of ten recorded events one delivery would be seen where the share is a tenth. Immutable and thread-safe.</remarks>
internal sealed class LinkedSampler(double share) : Sampler
{
    private readonly ParentBasedSampler _others = new(new TraceIdRatioBasedSampler(share));

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.ParentContext == default && samplingParameters.Links is { } links)
        {
            foreach (var link in links)
            {
                if (link.Context.IsRecorded()) return new SamplingResult(SamplingDecision.RecordAndSample);
            }
        }

        return _others.ShouldSample(samplingParameters);
    }
}
