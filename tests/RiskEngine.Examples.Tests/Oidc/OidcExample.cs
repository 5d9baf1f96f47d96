namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>The example as a whole, enforcing, for all tests of a class. They share what RiskEngine has seen, so each has people and addresses of its own.</summary>
public sealed class OidcExample : IAsyncLifetime
{
    private AskedRiskEngine? _engine;
    private SignInPage? _site;

    internal AskedRiskEngine Engine => _engine ?? throw new InvalidOperationException("No test that runs needs it.");

    internal SignInPage Site => _site ?? throw new InvalidOperationException("No test that runs needs it.");

    public async Task InitializeAsync()
    {
        if (ExampleFactAttribute.Missing is not null) return;
        _engine = await AskedRiskEngine.StartAsync();
        _site = await SignInPage.StartAsync(_engine.Settings);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
    }
}
