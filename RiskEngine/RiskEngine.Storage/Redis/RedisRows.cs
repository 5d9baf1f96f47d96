using System.Buffers.Binary;
using Polly;
using Polly.CircuitBreaker;
using RiskEngine.Storage.Shared;
using StackExchange.Redis;

namespace RiskEngine.Storage.Redis;

/// <summary>Copies of rows of state in Redis, and the channel on which replicas tell each other that something changed. The one place that knows the driver.</summary>
/// <remarks>
/// <para>
/// A value is the version of the row (8 bytes, big-endian) and the row; an empty row is one that went. Versions rise only: a script writes a value where there is
/// none or an older one, so that writers may overtake each other, and writing twice does no harm. One command reads and one writes all rows of a batch; on a
/// cluster one for each group of names (<see cref="RedisKeys"/>), sent together.
/// </para>
/// <para>
/// <b>Nothing here is the only copy.</b> What cannot be read is not there. Every wait is bounded here and nowhere else: the driver's own tasks never time out.
/// After five failures within ten seconds nobody asks for a while (<see cref="RedisSettings.Pause"/>), then one asks whether it is back. Thread-safe.
/// </para>
/// </remarks>
internal sealed class RedisRows : IAsyncDisposable
{
    private const int VersionLength = 8, NamesInPage = 5000;

    /// <summary>Writes each value that is newer than the one there. ARGV: seconds to live, then the values.</summary>
    private const string WriteNewer =
        """
        local written = 0
        for i = 1, #KEYS do
            local known = redis.call('GETRANGE', KEYS[i], 0, 7)
            if #known < 8 or struct.unpack('>I8', known) < struct.unpack('>I8', ARGV[i + 1]) then
                redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[1])
                written = written + 1
            end
        end
        return written
        """;

    private readonly ConnectionMultiplexer _connection;
    private readonly RedisSettings _settings;
    private readonly ulong _store;
    private readonly RedisChannel _channel;
    private readonly ResiliencePipeline _breaker;
    private readonly StoreMeter _meter;

    private RedisRows(ConnectionMultiplexer connection, RedisSettings settings, ulong store, StoreMeter meter)
    {
        (_connection, _settings, _store, _meter) = (connection, settings, store, meter);
        _channel = $"re:{store:x16}";
        _breaker = new ResiliencePipelineBuilder().AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = settings.Pause,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsOfServer),
        }).Build();
    }

    /// <summary>Gets whether it answers, as far as is known without asking.</summary>
    public bool IsConnected => _connection.IsConnected;

    /// <summary>Connects, or goes on trying to: a server that is not there yet is no failure.</summary>
    /// <param name="store">8 bytes that only this store has.</param>
    public static async Task<RedisRows> ConnectAsync(RedisSettings settings, ulong store, StoreMeter meter)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectRetry = 1,
            ConnectTimeout = (int)Math.Max(settings.Timeout.TotalMilliseconds, 1000),
            SyncTimeout = (int)settings.Timeout.TotalMilliseconds,
            ClientName = "riskengine",
            // INFO, which doctor asks for, counts as a command of administrators.
            AllowAdmin = true,
            Ssl = settings.Tls,
            Password = settings.Password,
        };
        if (settings.TlsCaFile is { } authority) options.CertificateValidation += RedisAuthority.CheckAgainst(authority);
        foreach (var endpoint in settings.Endpoints) options.EndPoints.Add(endpoint);
        return new RedisRows(await ConnectionMultiplexer.ConnectAsync(options), settings, store, meter);
    }

    /// <summary>Reads rows into <paramref name="values"/>, by the index of their keys; what is not there stays as it is.</summary>
    /// <returns>False where Redis cannot be asked: nothing is known of any of them.</returns>
    public Task<bool> TryReadAsync(long epoch, IReadOnlyList<RowKey> keys, RowValue[] values) => TryAsync(async () =>
    {
        var groups = Groups(keys);
        var database = _connection.GetDatabase();
        var answers = await Task.WhenAll(groups.Select(group => database.StringGetAsync([.. group.Select(index => RedisKeys.Of(_store, epoch, keys[index]))])));
        foreach (var (group, answer) in groups.Zip(answers))
        {
            for (var i = 0; i < group.Count; i++)
            {
                if ((byte[]?)answer[i] is { Length: >= VersionLength } bytes) values[group[i]] = new RowValue(BinaryPrimitives.ReadInt64BigEndian(bytes), bytes.AsMemory(VersionLength));
            }
        }
    });

    /// <summary>Writes rows that are newer than what is there.</summary>
    /// <returns>False where it is not known whether all of them were written.</returns>
    public Task<bool> TryWriteAsync(long epoch, IReadOnlyList<(RowKey Key, RowValue Value)> rows) => rows.Count == 0 ? Task.FromResult(true) : TryAsync(async () =>
    {
        var database = _connection.GetDatabase();
        var groups = Groups([.. rows.Select(row => row.Key)]);
        await Task.WhenAll(groups.Select(group => WriteAsync(database, epoch, [.. group.Select(index => rows[index])])));
    });

    /// <summary>Takes copies away, whatever their version.</summary>
    public Task<bool> TryRemoveAsync(long epoch, IReadOnlyList<RowKey> keys) => TryAsync(async () =>
    {
        var database = _connection.GetDatabase();
        await Task.WhenAll(Groups(keys).Select(group => database.KeyDeleteAsync([.. group.Select(index => RedisKeys.Of(_store, epoch, keys[index]))])));
    });

    /// <summary>Takes all copies of the store away, those of every epoch up to one. Looks at every name that Redis has, and blocks meanwhile.</summary>
    /// <returns>False where it is not known whether all of them went.</returns>
    public async Task<bool> TryForgetAsync(long lastEpoch)
    {
        var database = _connection.GetDatabase();
        try
        {
            foreach (var server in _connection.GetEndPoints().Select(endpoint => _connection.GetServer(endpoint)).Where(server => !server.IsSlave))
            {
                // The driver reads the names page by page, and waits for each as long as an answer is waited for.
                foreach (var page in server.Keys(pattern: "{?}*", pageSize: NamesInPage).Select(name => (byte[])name!).Where(name => RedisKeys.IsOf(_store, lastEpoch, name)).Chunk(NamesInPage))
                {
                    var groups = page.GroupBy(name => name[1], name => (RedisKey)name);
                    if (!await TryAsync(() => Task.WhenAll(groups.Select(group => database.KeyDeleteAsync([.. group]))))) return false;
                }
            }

            return true;
        }
        catch (Exception failure) when (IsOfServer(failure))
        {
            _meter.NoteCopyFailure(failure);
            return false;
        }
    }

    /// <summary>Tells other replicas; those that do not hear it find out by themselves a little later.</summary>
    public Task<bool> TryTellAsync(string what) => TryAsync(() => _connection.GetSubscriber().PublishAsync(_channel, what));

    /// <summary>Hears what replicas tell, this one included.</summary>
    /// <param name="heard">Called on a thread of the driver's; must neither block nor throw.</param>
    public Task<bool> TryListenAsync(Action<string> heard) => TryAsync(() => _connection.GetSubscriber().SubscribeAsync(_channel, (_, message) => heard((string?)message ?? "")));

    /// <summary>What each server says of itself (INFO); null for one that does not answer.</summary>
    public async Task<IReadOnlyList<(string Endpoint, IReadOnlyDictionary<string, string>? Info)>> InfoAsync()
    {
        List<(string, IReadOnlyDictionary<string, string>?)> found = [];
        foreach (var endpoint in _connection.GetEndPoints())
        {
            Dictionary<string, string>? info = null;
            await TryAsync(async () =>
                info = (await _connection.GetServer(endpoint).InfoAsync()).SelectMany(section => section).DistinctBy(line => line.Key).ToDictionary(line => line.Key, line => line.Value));
            found.Add((endpoint.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal), info));
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.CloseAsync(allowCommandsToComplete: false).WaitAsync(_settings.Timeout);
        }
        catch (Exception failure) when (IsOfServer(failure))
        {
            // It goes with the process.
        }

        _connection.Dispose();
    }

    private static bool IsOfServer(Exception failure) => failure is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or IOException;

    /// <summary>The one place where Redis is waited for.</summary>
    private async Task<bool> TryAsync(Func<Task> ask)
    {
        try
        {
            await _breaker.ExecuteAsync(async _ => await ask().WaitAsync(_settings.Timeout, CancellationToken.None));
            return true;
        }
        catch (Exception failure) when (IsOfServer(failure) || failure is BrokenCircuitException)
        {
            if (failure is not BrokenCircuitException) _meter.NoteCopyFailure(failure);
            return false;
        }
    }

    private async Task WriteAsync(IDatabase database, long epoch, IReadOnlyList<(RowKey Key, RowValue Value)> rows)
    {
        var keys = new RedisKey[rows.Count];
        var arguments = new RedisValue[rows.Count + 1];
        arguments[0] = (long)_settings.TimeToLive.TotalSeconds;
        for (var i = 0; i < rows.Count; i++)
        {
            keys[i] = RedisKeys.Of(_store, epoch, rows[i].Key);
            var value = new byte[VersionLength + rows[i].Value.Body.Length];
            BinaryPrimitives.WriteInt64BigEndian(value, rows[i].Value.Version);
            rows[i].Value.Body.CopyTo(value.AsMemory(VersionLength));
            arguments[i + 1] = value;
        }

        try
        {
            await database.ScriptEvaluateAsync(WriteNewer, keys, arguments);
        }
        catch (RedisServerException failure) when (failure.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // The server forgot its scripts: the driver sends this one again now.
            await database.ScriptEvaluateAsync(WriteNewer, keys, arguments);
        }
    }

    /// <summary>Indexes of rows that one command may name together: all of them, or on a cluster those of one group.</summary>
    private List<List<int>> Groups(IReadOnlyList<RowKey> keys)
    {
        if (!IsCluster()) return [[.. Enumerable.Range(0, keys.Count)]];
        var groups = new List<int>?[RedisKeys.Groups];
        for (var i = 0; i < keys.Count; i++) (groups[RedisKeys.GroupOf(keys[i])] ??= []).Add(i);
        return [.. groups.OfType<List<int>>()];
    }

    private bool IsCluster()
    {
        foreach (var endpoint in _connection.GetEndPoints())
        {
            if (_connection.GetServer(endpoint).ServerType == ServerType.Cluster) return true;
        }

        return false;
    }
}
