namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>An honest successful login. A subject's rows lie one after the other, so that the rows before one are its history.</summary>
/// <param name="Time">Milliseconds since 1970.</param>
/// <param name="IsFreshLease">Whether the address was leased anew for it: the next donor to attackers.</param>
/// <param name="Belief">How likely the subject is of which mobility, by its history so far.</param>
internal readonly record struct LoginRow(int Subject, long Time, LoginShown Shown, bool IsFreshLease, MobilityBelief Belief);
