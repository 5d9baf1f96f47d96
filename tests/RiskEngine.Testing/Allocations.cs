namespace RiskEngine.Testing;

/// <summary>Measures what code allocates once it is warm.</summary>
public static class Allocations
{
    private const int Rounds = 100;

    /// <summary>The least bytes that one of many rounds allocated on this thread; zero as soon as one allocated nothing.</summary>
    /// <remarks>The runtime allocates a little on our thread when it swaps in better code, at a moment nobody chooses: one round is no measure.</remarks>
    public static long Least(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
