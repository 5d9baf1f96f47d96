namespace RiskEngine.Facts;

/// <summary>Why a file is not in use, as far as what to do about it depends on it.</summary>
internal enum RefusalKind
{
    /// <summary>Not there, or not to be seen.</summary>
    Missing,

    /// <summary>There, and its bytes cannot be had.</summary>
    Unreadable,

    /// <summary>It changed while it was read.</summary>
    BeingWritten,

    /// <summary>Its bytes cannot be used: empty, cut off, corrupt, of another kind.</summary>
    Unusable,

    /// <summary>Usable, and so much smaller than what serves that it looks like a broken download.</summary>
    Shrunk,

    /// <summary>There are more feeds than there can be.</summary>
    TooMany,
}

/// <summary>Why a file is not in use, in words.</summary>
internal readonly record struct Refusal(RefusalKind Kind, string Reason);
