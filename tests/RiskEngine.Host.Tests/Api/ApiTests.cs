namespace RiskEngine.Host.Tests.Api;

/// <summary>One server for all tests of a class.</summary>
public abstract class ApiTests : IAsyncLifetime
{
    protected RunningServer Server { get; private set; } = null!;

    protected HttpClient Admin => Server.Admin;

    public async Task InitializeAsync() => Server = await StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    protected virtual Task<RunningServer> StartAsync() => RunningServer.StartAsync();

    protected async Task<System.Text.Json.JsonElement> GetAsync(string path)
    {
        using var response = await Admin.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await Json.ReadAsync(response);
    }

    /// <summary>Sends JSON, expects that status and returns the answer.</summary>
    protected async Task<System.Text.Json.JsonElement> PostAsync(string path, object body, int expected)
    {
        using var response = await Admin.PostAsync(path, Json.Body(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == expected, $"{path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : await Json.ReadAsync(response);
    }
}
