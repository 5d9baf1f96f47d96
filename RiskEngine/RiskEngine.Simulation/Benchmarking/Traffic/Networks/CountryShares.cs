namespace RiskEngine.Simulation.Benchmarking.Traffic.Networks;

/// <summary>Where successful logins come from.</summary>
/// <remarks>
/// Shares of Norway, the United States, Brazil and Germany are the RBA data set's shares of all rows times their success rates (Wiefling et al. 2022,
/// CC BY 4.0; 42.3 % × 65.5 %, 27.8 % × 25.6 %, 3.8 % × 31.6 %, 2.9 % × 15.2 %, over 40.1 % in all). The rest is spread over the other countries of the
/// simulated world. Together they let a random other login share the country of the victim in a little more than half of all cases.
/// </remarks>
internal static class CountryShares
{
    public static double Of(string country) => country switch
    {
        "NO" => 0.690,
        "US" => 0.178,
        "BR" => 0.030,
        "GB" => 0.025,
        "SE" => 0.020,
        "DE" => 0.011,
        "IN" => 0.010,
        "PL" or "FR" => 0.008,
        "ES" => 0.005,
        "IT" or "NL" => 0.004,
        "JP" => 0.002,
        "RO" or "AU" => 0.0015,
        "ID" => 0.001,
        "VN" or "SG" => 0.0005,
        _ => 0,
    };
}
