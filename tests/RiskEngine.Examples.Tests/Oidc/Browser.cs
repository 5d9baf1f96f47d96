using Microsoft.Playwright;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>One Chromium without a window, for all tests of a class; each visitor has a profile of its own in it.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal IBrowser Window => _browser ?? throw new InvalidOperationException("No test that runs needs it.");

    public async Task InitializeAsync()
    {
        if (!People.ChromiumTheoryAttribute.IsThere) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ExampleFactAttribute.Chromium,
            // Chromium has no sandbox for root, as whom containers run.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
            Timeout = 60_000,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
