using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace RiskEngine.Host.Cli;

/// <summary>How the commands for people reach the running program: its HTTP interface, with the administrator's key.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    private ApiClient(Uri address, string key, TimeSpan patience)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false })
        {
            BaseAddress = address,
            Timeout = patience,
        };
        _http.DefaultRequestHeaders.Add("Prefer", "return=representation");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Options that every such command takes.</summary>
    public sealed class Options
    {
        public Option<string?> Config { get; } = new("--config") { Description = "Configuration file; says where the program listens and where its key is." };

        public Option<string?> Url { get; } = new("--url") { Description = "Address of the running program; the default is http.url of the configuration." };

        public Option<string?> KeyFile { get; } = new("--key-file") { Description = "File with a key; the default is http.admin_key_file of the configuration." };

        public Option<bool> Json { get; } = new("--json") { Description = "Print JSON instead of a table." };

        public void AddTo(Command command)
        {
            command.Add(Config);
            command.Add(Url);
            command.Add(KeyFile);
            command.Add(Json);
        }

        /// <param name="patience">How long to wait for an answer; 30 seconds unless told.</param>
        /// <exception cref="CommandFailure">No key, or one that cannot be read.</exception>
        public ApiClient Connect(ParseResult parsed, TimeSpan? patience = null)
        {
            var settings = Composition.SettingsLoader.Load(parsed.GetValue(Config));
            var url = parsed.GetValue(Url) ?? settings.Http.Url.ToString();
            var file = parsed.GetValue(KeyFile) ?? settings.Http.AdminKeyFile;
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new CommandFailure(ExitCode.Usage, $"--url: '{url}' is no address.");
            try
            {
                return new ApiClient(address, File.ReadAllText(file).Trim(), patience ?? TimeSpan.FromSeconds(30));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure(ExitCode.Usage, $"{file}: the key cannot be read ({failure.Message}). Name the file with --key-file.");
            }
        }
    }

    /// <summary>Sends a request and returns the answer, parsed; null for an answer without content.</summary>
    /// <exception cref="CommandFailure">Unreachable, or refused: the answer's own words.</exception>
    public async Task<JsonElement?> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (!response.IsSuccessStatusCode) throw new CommandFailure(ExitCode.Failed, Explain(response.StatusCode, bytes));
            return bytes.Length == 0 ? null : JsonDocument.Parse(bytes).RootElement;
        }
        catch (HttpRequestException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"{_http.BaseAddress}: unreachable ({failure.Message}). Is 'riskengine serve' running there?");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"{_http.BaseAddress}: no answer within {_http.Timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Gets an answer as text.</summary>
    /// <exception cref="CommandFailure">Unreachable, or refused.</exception>
    public async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.GetAsync(path, cancellation);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (!response.IsSuccessStatusCode) throw new CommandFailure(ExitCode.Failed, Explain(response.StatusCode, bytes));
            return Encoding.UTF8.GetString(bytes);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"{_http.BaseAddress}: unreachable ({failure.Message}). Is 'riskengine serve' running there?");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Explain(HttpStatusCode status, byte[] body)
    {
        try
        {
            var problem = JsonDocument.Parse(body).RootElement;
            var title = problem.TryGetProperty("title", out var t) ? t.GetString() : null;
            var detail = problem.TryGetProperty("detail", out var d) ? d.GetString() : null;
            return $"{(int)status}: {detail ?? title ?? status.ToString()}";
        }
        catch (JsonException)
        {
            return $"{(int)status}: {status}";
        }
    }
}
