using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Policies;

/// <summary>A closed set of names with numbers, so that a mistyped one is found when a policy is loaded, and comparing is comparing numbers.</summary>
internal sealed class NameSet
{
    /// <summary>Feeds that facts can tell apart; names that are not known get numbers behind them, so that nothing hits them.</summary>
    private const int MaximumFeeds = 256;

    private readonly Dictionary<string, int> _codes = [];
    private readonly List<byte[]> _utf8 = [];
    private readonly List<string> _names = [];
    private readonly Func<string, string?>? _hint;
    private readonly bool _isOpen;

    /// <param name="what">What one of them is: "country".</param>
    /// <param name="names">Names by their number; null for numbers that are none.</param>
    /// <param name="isOpen">Whether names that are not known are taken and given the next numbers: they occur in no event.</param>
    /// <param name="hint">What to say about a name that is none; null for nothing special.</param>
    private NameSet(string what, IEnumerable<string?> names, bool areBare = false, bool isOpen = false, Func<string, string?>? hint = null)
    {
        (What, AreBare, _isOpen, _hint) = (what, areBare, isOpen, hint);
        foreach (var name in names) Add(name ?? "");
    }

    public static NameSet Levels { get; } = new("risk level", Enum.GetValues<RiskLevel>().Select(level => level.Name()), areBare: true);

    public static NameSet Kinds { get; } = new("kind of event", EventKinds.All.Select(kind => kind == EventKind.Other ? null : kind.Name()));

    public static NameSet Signals { get; } = new("signal", SignalCatalogue.All.Select(signal => signal.Name).Prepend(null));

    /// <summary>Gets kinds of network by the number of their bit in <see cref="NetworkKinds"/>.</summary>
    public static NameSet Networks { get; } = new("kind of network", ["tor", "vpn", "datacentre", "mobile", "relay"]);

    /// <summary>Gets kinds of attack by the number of their bit in <see cref="AttackKinds"/>.</summary>
    public static NameSet Attacks { get; } = new("kind of attack", AttackNames.All);

    public static NameSet DeviceClasses { get; } = new("class of device", ["", "desktop", "mobile", "tablet", "bot", "library"]);

    public static NameSet Browsers { get; } = new("browser", Enumerable.Range(0, 256).Select(id => Known(UserAgentNames.Browser((byte)id))));

    public static NameSet Systems { get; } = new("operating system", Enumerable.Range(0, 256).Select(id => Known(UserAgentNames.OperatingSystem((byte)id))));

    /// <summary>Gets all pairs of letters, AA to ZZ, of which only countries may be written.</summary>
    public static NameSet AllCountries { get; } = new(
        "country", Enumerable.Range(0, 26 * 26).Select(index => $"{(char)('A' + (index / 26))}{(char)('A' + (index % 26))}"), hint: CountryFault);

    /// <summary>Gets what one of them is.</summary>
    public string What { get; }

    /// <summary>Gets whether they are written without quotes, as constants: the risk levels.</summary>
    public bool AreBare { get; }

    public int Count => _names.Count;

    /// <summary>Gets the names that may be written.</summary>
    public IReadOnlyList<string> All => [.. _codes.Keys];

    /// <summary>Names of feeds by their index in the facts.</summary>
    /// <param name="feeds">Null where they are not known, so that any name may be written.</param>
    public static NameSet Feeds(IReadOnlyList<string>? feeds) => new("feed", feeds ?? Enumerable.Repeat<string?>(null, MaximumFeeds), isOpen: feeds is null);

    public static int CodeOf(CountryCode country) => (((country.Value >> 8) - 'A') * 26) + (country.Value & 0xFF) - 'A';

    public ReadOnlySpan<byte> Utf8(long code) => _utf8[(int)code];

    public string NameOf(long code) => _names[(int)code];

    /// <summary>The number of a name, or why there is none.</summary>
    public bool TryFind(string name, out int code, out string? error)
    {
        error = null;
        if (_codes.TryGetValue(name, out code))
        {
            error = _hint?.Invoke(name);
            return error is null;
        }

        if (_isOpen)
        {
            code = Add(name);
            return true;
        }

        error = _hint?.Invoke(name) ?? $"no {What} is called \"{name}\"{NearestName.Suggest(name, _codes.Keys)}";
        return false;
    }

    /// <summary>The number of a name that comes from code, known or not.</summary>
    public int FindOrAdd(string name) => _codes.TryGetValue(name, out var code) ? code : Add(name);

    private int Add(string name)
    {
        _names.Add(name);
        _utf8.Add(Encoding.UTF8.GetBytes(name));
        if (name.Length > 0) _codes.TryAdd(name, _names.Count - 1);
        return _names.Count - 1;
    }

    private static string? Known(string name) => name == "unknown" ? null : name;

    private static string? CountryFault(string name)
    {
        if (!Countries.TryParse(name, out _, out var error)) return error;
        return !name.Any(char.IsAsciiLetterLower) ? null : $"countries are written in capitals: \"{name.ToUpperInvariant()}\"";
    }
}
