using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Tells observers in order. One that throws has no say in what becomes of a batch: its first failure is kept and the others are told.</summary>
internal sealed class PipelineObservers(IReadOnlyList<IPipelineObserver> observers)
{
    private readonly ICommitObserver[] _committing = [.. observers.OfType<ICommitObserver>()];

    /// <summary>Gets what the first observer that failed threw; null for none.</summary>
    public Exception? Failure { get; private set; }

    public void Committing(Effects effects)
    {
        foreach (var observer in _committing)
        {
            try
            {
                observer.Committing(effects);
            }
            catch (Exception failure)
            {
                Failure ??= failure;
            }
        }
    }

    public void Withdrawn(Effects effects)
    {
        foreach (var observer in _committing)
        {
            try
            {
                observer.Withdrawn(effects);
            }
            catch (Exception failure)
            {
                Failure ??= failure;
            }
        }
    }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        foreach (var observer in observers)
        {
            try
            {
                observer.Committed(effects, timing);
            }
            catch (Exception failure)
            {
                Failure ??= failure;
            }
        }
    }
}
