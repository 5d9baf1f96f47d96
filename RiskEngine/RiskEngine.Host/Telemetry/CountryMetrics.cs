using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>Counts logins by country. The set is closed: the codes there are, none, and other for what a source gives that is no country.</summary>
/// <remarks>Two series for each country that was seen, 506 at most. One thread at a time.</remarks>
internal sealed class CountryMetrics
{
    private const int Letters = 26, Outcomes = 2, None = 0, Other = 1;

    private static readonly string[] Names = ["none", "other", .. Countries.All.Order(StringComparer.Ordinal)];
    private static readonly string[] OutcomeNames = ["success", "failure"];
    private static readonly byte[] Numbers = Table();

    private readonly Counter<long> _logins;
    private readonly int[] _counts = new int[Names.Length * Outcomes];
    private readonly List<int> _touched = [];

    public CountryMetrics(InstrumentSet instruments) => _logins = instruments.Counter(
        "riskengine_logins_by_country_total", "Logins by the country that they came from (ISO 3166-1); failure is a password or a second factor. none is where it is not known.");

    /// <summary>Counts the logins of one batch.</summary>
    public void Count(Effects effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i].Outcome is EventOutcome.Duplicate or EventOutcome.TooOld or EventOutcome.Hinted or EventOutcome.Corrected) continue;
            var outcome = effects.Batch.Events[i].Kind switch { EventKind.Login => 0, EventKind.LoginFailed or EventKind.MfaFailed => 1, _ => -1 };
            if (outcome < 0) continue;
            var index = (NumberOf(effects[i].Country) * Outcomes) + outcome;
            if (_counts[index]++ == 0) _touched.Add(index);
        }

        foreach (var index in _touched)
        {
            _logins.Add(_counts[index], new("country", Names[index / Outcomes]), new("outcome", OutcomeNames[index % Outcomes]));
            _counts[index] = 0;
        }

        _touched.Clear();
    }

    private static int NumberOf(CountryCode country) => country.IsKnown ? Numbers[Place(country)] : None;

    private static int Place(CountryCode country) => (((country.Value >> 8) - 'A') * Letters) + (country.Value & 0xFF) - 'A';

    private static byte[] Table()
    {
        var numbers = new byte[Letters * Letters];
        Array.Fill(numbers, (byte)Other);
        for (var number = Other + 1; number < Names.Length; number++) numbers[Place(CountryCode.Parse(Names[number]))] = (byte)number;
        return numbers;
    }
}
