using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Tells observers in order. One that throws has no say in what becomes of a batch: its first failure is kept and the others are told.</summary>
internal sealed class PipelineObservers(IReadOnlyList<IPipelineObserver> observers)
{
    private readonly ICommitObserver[] _committing = [.. observers.OfType<ICommitObserver>()];

    /// <summary>Gets what the first observer that failed threw; null for none.</summary>
    public Exception? Failure { get; private set; }

    public void Committing(Effects effects) => Tell(_committing, effects, static (observer, effects) => observer.Committing(effects));

    public void Withdrawn(Effects effects) => Tell(_committing, effects, static (observer, effects) => observer.Withdrawn(effects));

    public void Committed(Effects effects, in BatchTiming timing) => Tell(observers, (effects, timing), static (observer, told) => observer.Committed(told.effects, told.timing));

    private void Tell<TObserver, TTold>(IReadOnlyList<TObserver> observers, TTold told, Action<TObserver, TTold> tell)
    {
        foreach (var observer in observers)
        {
            try
            {
                tell(observer, told);
            }
            catch (Exception failure)
            {
                Failure ??= failure;
            }
        }
    }
}
