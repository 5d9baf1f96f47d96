namespace RiskEngine.Simulation.Refereeing;

/// <summary>What honest people and machines had to bear. Honest is every event without a label.</summary>
public sealed record HonestFigures
{
    /// <summary>Gets the number of judged honest events of any kind.</summary>
    public required long Events { get; init; }

    /// <summary>Gets the number of successful honest logins, the base of the shares below.</summary>
    public required long Logins { get; init; }

    /// <summary>Gets how many of those were challenged: the price of security, as people feel it.</summary>
    public required long LoginsChallenged { get; init; }

    /// <summary>Gets how many of those were let in and told about.</summary>
    public required long LoginsNotified { get; init; }

    /// <summary>Gets how many of those were blocked. Must be 0.</summary>
    public required long LoginsBlocked { get; init; }

    /// <summary>Gets the collateral: challenged or blocked honest logins of accounts that an attacker had named before in the stream.</summary>
    public required long LoginsStoppedUnderAttack { get; init; }

    /// <summary>Gets the number of honest events of any kind that were blocked. Must be 0.</summary>
    public required long EventsBlocked { get; init; }

    /// <summary>Gets the number of distinct subjects with an honest event.</summary>
    public required int Subjects { get; init; }

    /// <summary>Gets how many of those had at least one honest event blocked. Must be 0.</summary>
    public required int SubjectsBlocked { get; init; }

    /// <summary>Gets the number of distinct addresses with an honest event.</summary>
    public required int Addresses { get; init; }

    /// <summary>Gets how many of those had at least one honest event blocked.</summary>
    public required int AddressesBlocked { get; init; }

    /// <summary>Gets the share of honest logins challenged, 0 to 1; null without logins.</summary>
    public double? ChallengeRate => Logins == 0 ? null : (double)LoginsChallenged / Logins;

    /// <summary>Gets the share of honest logins told about, 0 to 1; null without logins.</summary>
    public double? NotifyRate => Logins == 0 ? null : (double)LoginsNotified / Logins;
}
