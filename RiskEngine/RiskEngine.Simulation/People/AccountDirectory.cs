namespace RiskEngine.Simulation.People;

/// <summary>Everybody with an account, and what an attacker may have found out about them. Immutable.</summary>
/// <param name="accounts">People first, then machines.</param>
internal sealed class AccountDirectory(Account[] accounts)
{
    public Account[] Accounts => accounts;

    public Account[] Services { get; } = [.. accounts.Where(account => account.IsService)];

    /// <summary>Gets the accounts of people who have gone, still open.</summary>
    public Account[] Forgotten { get; } = [.. accounts.Where(account => account.Absence is { IsForever: true, IsClosed: false })];

    /// <summary>Gets the accounts that were closed for good.</summary>
    public Account[] Closed { get; } = [.. accounts.Where(account => account.Absence is { IsForever: true, IsClosed: true })];
}
