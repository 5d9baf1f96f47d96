namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>Counts what honest logins show, as anybody could who reads the stream.</summary>
internal sealed class HonestMarginals
{
    private static readonly long[] GapEnds = [60, 600, 3600, 86_400, 7 * 86_400, 30 * 86_400];

    private readonly Dictionary<int, HashSet<string>> _shown = [];
    private readonly Dictionary<int, int> _logins = [];

    public long[] Gaps { get; } = new long[7];

    public long[] NewAddress { get; } = new long[7];

    public long[] Hours { get; } = new long[24];

    public long[] Countries { get; } = new long[5];

    public long[] DeviceTypes { get; } = new long[4];

    /// <summary>Gets how many logins there are of accounts with history, and how many show something new to the account.</summary>
    public long WithHistory { get; private set; }

    public long NewNetwork { get; private set; }

    public long NewUserAgent { get; private set; }

    public long NewBrowser { get; private set; }

    public long NewOs { get; private set; }

    public long Listed { get; private set; }

    public long All { get; private set; }

    public void Observe(BenchmarkCase login)
    {
        var (attributes, subject) = (login.Attributes, login.Subject);
        All++;
        _logins[subject] = _logins.GetValueOrDefault(subject) + 1;
        Hours[login.OccurredAt.Hour]++;
        Countries[Index(PublishedMarginals.CountryCodes, attributes.Country)]++;
        DeviceTypes[Index(PublishedMarginals.DeviceTypeNames, attributes.DeviceType)]++;
        if (attributes.IsListed) Listed++;
        if (!_shown.TryGetValue(subject, out var shown)) _shown[subject] = shown = [];
        var isNewAddress = shown.Add("ip " + attributes.Address);
        var isNewNetwork = shown.Add($"as {attributes.Asn}") | shown.Add("country " + attributes.Country);
        var isNewAgent = shown.Add("ua " + attributes.UserAgent);
        var isNewBrowser = shown.Add("browser " + attributes.Browser);
        var isNewOs = shown.Add("os " + attributes.Os);
        if (login.HistoryLength == 0) return;
        WithHistory++;
        var bin = BinOf(login.GapSeconds);
        Gaps[bin]++;
        if (isNewAddress) NewAddress[bin]++;
        if (isNewNetwork) NewNetwork++;
        if (isNewAgent) NewUserAgent++;
        if (isNewBrowser) NewBrowser++;
        if (isNewOs) NewOs++;
    }

    /// <summary>Subjects with 1, 2 to 9, 10 to 27 and more logins.</summary>
    public long[] LoginsPerSubject()
    {
        var result = new long[4];
        foreach (var count in _logins.Values) result[count switch { 1 => 0, < 10 => 1, < 28 => 2, _ => 3 }]++;
        return result;
    }

    private static int BinOf(long seconds)
    {
        var bin = 0;
        while (bin < GapEnds.Length && seconds >= GapEnds[bin]) bin++;
        return bin;
    }

    private static int Index(string[] names, string name)
    {
        var index = Array.IndexOf(names, name);
        return index < 0 ? names.Length : index;
    }
}
