namespace RiskEngine.Core.Pipeline;

/// <summary>The engine that judges now. A reload swaps the one reference; a batch under way finishes with the engine it began with.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class EngineReference(Engine engine)
{
    private volatile Engine _current = engine;

    public Engine Current => _current;

    public void Swap(Engine engine) => _current = engine;
}

/// <summary>What a batch is judged for.</summary>
public enum JudgeMode
{
    /// <summary>Told: counters move, profiles learn, repeats are refused.</summary>
    Ingest,

    /// <summary>Asked: nothing changes, and asking again is the same.</summary>
    Evaluate,
}
