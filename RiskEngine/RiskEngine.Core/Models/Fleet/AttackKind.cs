namespace RiskEngine.Core.Models;

/// <summary>What the fleet as a whole meets. Stored by number, so numbers are never given out twice; new ones go at the end.</summary>
public enum AttackKind : byte
{
    /// <summary>Names are guessed at again and again, each from few addresses.</summary>
    BruteForce,

    /// <summary>Names are guessed at again and again, each from many addresses.</summary>
    DistributedBruteForce,

    /// <summary>Many names fail at single addresses.</summary>
    PasswordSpray,

    /// <summary>Many names fail at many addresses, few at each.</summary>
    NetworkSpray,

    /// <summary>Many names fail elsewhere, three in ten or more of which do not exist; told beside the kind of spray that it is.</summary>
    CredentialStuffing,

    /// <summary>Many people sign in from addresses new to them. It may be a new VPN: no attack by itself.</summary>
    NewAddressSurge,

    /// <summary>Many names fail, wherever. It may be a day on which passwords end: no attack by itself.</summary>
    FailureSurge,
}

/// <summary>A set of <see cref="AttackKind"/>: the bit of each is its number.</summary>
[Flags]
public enum AttackKinds : byte
{
    None = 0,
    BruteForce = 1 << AttackKind.BruteForce,
    DistributedBruteForce = 1 << AttackKind.DistributedBruteForce,
    PasswordSpray = 1 << AttackKind.PasswordSpray,
    NetworkSpray = 1 << AttackKind.NetworkSpray,
    CredentialStuffing = 1 << AttackKind.CredentialStuffing,
    NewAddressSurge = 1 << AttackKind.NewAddressSurge,
    FailureSurge = 1 << AttackKind.FailureSurge,

    /// <summary>Those that are attacks; the others are surges, which honest people make as well.</summary>
    Attacks = BruteForce | DistributedBruteForce | PasswordSpray | NetworkSpray | CredentialStuffing,
}

/// <summary>Their names on the wire, in metrics and in policies.</summary>
public static class AttackNames
{
    /// <summary>Gets the names by number.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["brute_force", "distributed_brute_force", "password_spray", "network_spray", "credential_stuffing", "new_address_surge", "failure_surge"];

    public static string Name(this AttackKind kind) => All[(int)kind];

    public static AttackKinds AsSet(this AttackKind kind) => (AttackKinds)(1 << (int)kind);

    /// <summary>Whether it is an attack, and not a surge that may as well be honest.</summary>
    public static bool IsAttack(this AttackKind kind) => (kind.AsSet() & AttackKinds.Attacks) != AttackKinds.None;
}
