namespace RiskEngine.Testing;

/// <summary>Things that tests need some of.</summary>
public static partial class Some
{
    /// <summary>A login of a subject without history, from home on the laptop.</summary>
    public static LoginBuilder Login() => new();

    /// <summary>A login from home on the laptop by a subject that did the same on each of the last thirty days.</summary>
    public static LoginBuilder EstablishedLogin() => new LoginBuilder().WithHistory(30);
}
