using RiskEngine.Simulation.Benchmarking.Traffic.Logins;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>The login that an attack stands in place of, and what its subject had shown before.</summary>
/// <param name="expected">What is expected of the subject at that moment.</param>
/// <param name="replaced">The honest login itself.</param>
internal readonly ref struct Victim(Expectation expected, in LoginRow replaced)
{
    private readonly Expectation _expected = expected;
    private readonly ref readonly LoginRow _replaced = ref replaced;

    public Expectation Expected => _expected;

    public ref readonly LoginRow Replaced => ref _replaced;
}
