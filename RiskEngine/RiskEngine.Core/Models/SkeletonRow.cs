namespace RiskEngine.Core.Models;

/// <summary>The first account whose name has a certain skeleton (<see cref="NameSkeleton"/>). Plain data, 24 bytes, stored as it lies in memory.</summary>
public struct SkeletonRow
{
    /// <summary>Seconds after which it is noted again that the account is still there.</summary>
    private const uint Refresh = 30 * 86_400;

    /// <summary>The low half of the account's key, see <see cref="State.StateKeys.Subject"/>.</summary>
    public ulong Subject;

    /// <summary>When the account was first seen, in seconds since 1970; 0 for no account.</summary>
    public uint FirstSeen;

    /// <summary>When it was last seen, to within thirty days.</summary>
    public uint LastSeen;

    /// <summary>Bits of the keyed hash of its name.</summary>
    public uint Name;

    /// <summary>1 for a service account.</summary>
    public uint Service;

    /// <summary>Notes that an account was seen, and returns whether that changed anything.</summary>
    /// <param name="subject">The low half of its key.</param>
    /// <param name="name">Bits of the keyed hash of its name.</param>
    /// <param name="at">When, in seconds since 1970.</param>
    /// <param name="isService">Whether it is a service account.</param>
    public bool See(ulong subject, uint name, uint at, bool isService)
    {
        var service = isService ? 1u : 0;
        if (FirstSeen == 0)
        {
            this = new SkeletonRow { FirstSeen = Math.Max(1, at), LastSeen = at, Subject = subject, Name = name, Service = service };
            return true;
        }

        if (Subject != subject || (at < LastSeen + (ulong)Refresh && Service >= service)) return false;
        (LastSeen, Name, Service) = (Math.Max(LastSeen, at), name, Math.Max(Service, service));
        return true;
    }

    /// <summary>The other account whose name looks the same; none where it is this account, or has this very name, made anew, or nobody has it.</summary>
    public readonly Namesake OtherThan(ulong subject, uint name) => FirstSeen == 0 || Subject == subject || Name == name ? default : new Namesake(FirstSeen, Service != 0);
}

/// <summary>An account whose name looks like that of another one.</summary>
/// <param name="FirstSeen">When it was first seen, in seconds since 1970; 0 where there is none.</param>
/// <param name="IsService">Whether it is a service account.</param>
public readonly record struct Namesake(uint FirstSeen, bool IsService);
