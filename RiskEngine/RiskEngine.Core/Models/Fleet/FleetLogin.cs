namespace RiskEngine.Core.Models;

/// <summary>What a login shows of the fleet.</summary>
public enum FleetPattern : byte
{
    /// <summary>Somebody got in, from where it was seen before or nothing is known of it.</summary>
    Success,

    /// <summary>Somebody known got in from an address and network new to that subject.</summary>
    SuccessElsewhere,

    /// <summary>A failure that something vouches for: the subject's own place or device, or an address from which more people got in than failed.</summary>
    Failure,

    /// <summary>A failure elsewhere, on a name that failed often before, at few addresses.</summary>
    Guess,

    /// <summary>The same at many addresses.</summary>
    GuessFromMany,

    /// <summary>A failure elsewhere, at an address where many names failed.</summary>
    NameOfMany,

    /// <summary>Any other failure elsewhere.</summary>
    Scattered,
}

/// <summary>One attempt to sign in, as the fleet counts it.</summary>
/// <param name="Pattern">What it shows.</param>
/// <param name="Subject">Hash of the subject; evenly distributed bits.</param>
/// <param name="At">Event time in Unix seconds.</param>
/// <param name="IsUnknownName">Whether the source says that there is no such name.</param>
public readonly record struct FleetLogin(FleetPattern Pattern, ulong Subject, uint At, bool IsUnknownName);
