namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>User agents as text, each composed once. Not thread-safe.</summary>
internal sealed class UserAgentTexts
{
    private readonly Dictionary<(int Model, DeviceVersion Version), UserAgentText> _known = [];

    public UserAgentText Of(int model, DeviceVersion version)
    {
        if (_known.TryGetValue((model, version), out var text)) return text;
        var device = DeviceCatalog.Models[model];
        return _known[(model, version)] = new UserAgentText(
            device.Pattern.Replace("{b}", device.Browser.Version(version.Release)).Replace("{o}", device.Os.Versions[version.Os]),
            $"{device.Browser.Name} {device.Browser.Major(version.Release)}",
            device.Os.Label(version.Os),
            device.Type);
    }
}

/// <summary>A user agent and what it tells.</summary>
internal sealed record UserAgentText(string Full, string Browser, string Os, string DeviceType);
