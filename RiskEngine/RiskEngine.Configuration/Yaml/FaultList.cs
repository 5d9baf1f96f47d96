namespace RiskEngine.Configuration.Yaml;

/// <summary>Collects faults, so that all of them are told at once.</summary>
internal sealed class FaultList
{
    /// <summary>Faults that are kept; a file that is wrong throughout is not worth more.</summary>
    private const int Maximum = 200;

    private readonly List<ConfigurationFault> _faults = [];

    public IReadOnlyList<ConfigurationFault> All => _faults;

    public bool IsEmpty => _faults.Count == 0;

    public void Add(Place place, string key, string message)
    {
        if (_faults.Count < Maximum) _faults.Add(new ConfigurationFault(place.Source, place.Line, place.Column, key, message));
    }
}
