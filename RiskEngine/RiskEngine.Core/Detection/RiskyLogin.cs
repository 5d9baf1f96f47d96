namespace RiskEngine.Core.Detection;

/// <summary>How much an earlier login of the subject weighs on what is done with the account after it.</summary>
internal static class RiskyLogin
{
    /// <param name="window">How long it weighs; half at its end.</param>
    /// <param name="fullScore">Score from which it weighs in full, 1 to 100; half where it hardly scored.</param>
    /// <returns>The share, 0 to 1; hours since the login; its score.</returns>
    public static (double Share, double Hours, double Score) Share(in LoginContext context, TimeSpan window, double fullScore)
    {
        var at = context.Profile.RiskyAt;
        if (at == 0 || context.Now < at || context.Now - at > window.TotalSeconds) return default;
        var score = context.Profile.RiskyScore / 100.0;
        var elapsed = (context.Now - at) / window.TotalSeconds;
        return ((0.5 + (0.5 * Math.Min(score / fullScore, 1))) * (1 - (0.5 * elapsed)), (context.Now - at) / 3600.0, score);
    }
}
