using System.Globalization;
using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>Figures as people read them.</summary>
internal static class Words
{
    public const string Nothing = "–";

    /// <summary>A share as a percentage without its sign.</summary>
    public static string Percent(double share, int decimals = 1) => double.IsFinite(share) ? Fixed(share * 100, decimals) : Nothing;

    public static string Percent(Estimate share, int decimals = 1) =>
        !double.IsFinite(share.Value) ? Nothing
        : double.IsFinite(share.Low) ? $"{Percent(share.Value, decimals)} [{Percent(share.Low, decimals)}, {Percent(share.High, decimals)}]"
        : Percent(share.Value, decimals);

    public static string Number(double number, int decimals = 3) => double.IsFinite(number) ? Fixed(number, decimals) : Nothing;

    public static string Number(Estimate number, int decimals = 3) =>
        !double.IsFinite(number.Value) ? Nothing
        : double.IsFinite(number.Low) ? $"{Number(number.Value, decimals)} [{Number(number.Low, decimals)}, {Number(number.High, decimals)}]"
        : Number(number.Value, decimals);

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count that may lie between two whole numbers.</summary>
    public static string Median(double median) => double.IsFinite(median) ? median.ToString("0.#", CultureInfo.InvariantCulture) : Nothing;

    public static string Rate(double rate) => (rate * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>Adding zero takes the sign off a rounded nought.</summary>
    private static string Fixed(double number, int decimals) => (Math.Round(number, decimals) + 0.0).ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
