namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>A kind of device with one browser: what a user agent tells but for versions. Immutable.</summary>
/// <param name="Share">Part of all first logins that show it; all of them sum to 1.</param>
/// <param name="Type"><c>mobile</c>, <c>desktop</c>, <c>tablet</c> or <c>unknown</c>.</param>
/// <param name="Pattern">The user agent with <c>{b}</c> for the browser's version and <c>{o}</c> for the system's.</param>
/// <param name="Browser">How its versions are numbered.</param>
/// <param name="Os">How the system's are.</param>
internal sealed record DeviceModel(double Share, string Type, string Pattern, BrowserFamily Browser, OsFamily Os);
