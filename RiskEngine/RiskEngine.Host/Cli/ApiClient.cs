using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace RiskEngine.Host.Cli;

/// <summary>How the commands for people reach the running program: its HTTP interface, with the administrator's key.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string Stranger = "this is no answer of RiskEngine's. Is --url right?";

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
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw new CommandFailure(ExitCode.Usage, $"--url: '{url}' is no address such as http://127.0.0.1:8080.");
            try
            {
                var key = File.ReadAllText(file).Trim();
                if (key.Length == 0 || key.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new CommandFailure(ExitCode.Usage, $"{file}: holds no key, which is one word on one line, as 'keys create' prints it.");
                return new ApiClient(address, key, patience ?? TimeSpan.FromSeconds(30));
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
        var bytes = await AnswerAsync(method, path, body, cancellation);
        try
        {
            return bytes.Length == 0 ? null : JsonDocument.Parse(bytes).RootElement;
        }
        catch (JsonException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{_http.BaseAddress}: {Stranger}");
        }
    }

    /// <summary>Gets an answer as text.</summary>
    /// <exception cref="CommandFailure">Unreachable, or refused.</exception>
    public async Task<string> TextAsync(string path, CancellationToken cancellation) => Encoding.UTF8.GetString(await AnswerAsync(HttpMethod.Get, path, null, cancellation));

    /// <summary>Gets the items of all pages of a list.</summary>
    /// <exception cref="CommandFailure">Unreachable, or refused.</exception>
    public async Task<JsonElement> ListAsync(string path, CancellationToken cancellation)
    {
        List<JsonElement> items = [];
        for (string? cursor = null; ;)
        {
            var page = await SendAsync(HttpMethod.Get, cursor is null ? path : $"{path}?cursor={Uri.EscapeDataString(cursor)}", null, cancellation);
            items.AddRange(Answer.Items(page).EnumerateArray());
            if (!page!.Value.TryGetProperty("next", out var next) || next.ValueKind != JsonValueKind.String) return JsonSerializer.SerializeToElement(items);
            cursor = next.GetString();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> AnswerAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
            return response.IsSuccessStatusCode ? bytes : throw new CommandFailure(ExitCode.Failed, Explain(response.StatusCode, bytes));
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

    private static string Explain(HttpStatusCode status, byte[] body)
    {
        try
        {
            var problem = JsonDocument.Parse(body).RootElement;
            if (problem.ValueKind != JsonValueKind.Object) return $"{(int)status}: {Stranger}";
            var title = problem.TryGetProperty("title", out var t) ? t.GetString() : null;
            var detail = problem.TryGetProperty("detail", out var d) ? d.GetString() : null;
            return $"{(int)status}: {detail ?? title ?? status.ToString()}";
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return $"{(int)status}: {Stranger}";
        }
    }
}
