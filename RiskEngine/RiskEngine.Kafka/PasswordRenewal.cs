using Confluent.Kafka;

namespace RiskEngine.Kafka;

/// <summary>Gives a client its password anew once another one is to be read, so that one that was wrong, or was turned at the brokers, needs no new client.</summary>
/// <remarks>
/// Looked at every second, in good times too: connections that stand are left as they are, and the next one shows what was read last. A password that cannot be read changes nothing
/// and is told, once until it can be read again. Thread-safe. To be disposed of before its client is closed.
/// </remarks>
internal sealed class PasswordRenewal : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly KafkaFault Unreadable = new(
        KafkaFault.Credentials, "the password can no longer be read, so the one that was read last is shown to brokers: see to kafka.sasl_password_file");

    private readonly Lock _gate = new();
    private readonly KafkaConnection _connection;
    private readonly IClient _client;
    private readonly IKafkaObserver _observer;
    private readonly ITimer _timer;
    private string _shown;
    private bool _isUnreadable;
    private bool _isDisposed;

    private PasswordRenewal(KafkaConnection connection, IClient client, string shown, IKafkaObserver observer)
    {
        (_connection, _client, _shown, _observer) = (connection, client, shown, observer);
        _timer = TimeProvider.System.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookLater();
    }

    /// <summary>Begins to look, for a client that was made with these settings; null where it shows no password.</summary>
    public static PasswordRenewal? Of(KafkaConnection connection, IClient client, ClientConfig config, IKafkaObserver observer) =>
        config.SaslPassword is { } shown ? new PasswordRenewal(connection, client, shown, observer) : null;

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private void Look()
    {
        // Outside the lock: a file on a server that is away must not hold up the end of the client.
        var password = Read();
        lock (_gate)
        {
            if (_isDisposed) return;
            if (password is null && !_isUnreadable) _observer.Failed(Unreadable);
            _isUnreadable = password is null;
            if (password is not null && password != _shown && TryShow(password)) _shown = password;
            LookLater();
        }
    }

    /// <summary>A timer calls: what is thrown here would end the program.</summary>
    private string? Read()
    {
        try
        {
            return _connection.ReadSaslPassword?.Invoke();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>A password that the driver does not take is shown again at the next look; the brokers tell meanwhile that the old one is wrong, if it is.</summary>
    private bool TryShow(string password)
    {
        try
        {
            _client.SetSaslCredentials(_connection.SaslUsername, password);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    /// <summary>Once, and again when it was done: looks that take long do not pile up.</summary>
    private void LookLater() => _timer.Change(Interval, Timeout.InfiniteTimeSpan);
}
