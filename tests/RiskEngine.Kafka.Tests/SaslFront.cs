using System.Security.Authentication;

namespace RiskEngine.Kafka.Tests;

/// <summary>SASL in front of a broker that has none: a client shows a name and a password, as Kafka's protocol has it, before anything of it reaches the broker.</summary>
/// <remarks>Before that only the question for the versions is answered, by what the broker says and what is spoken here; whatever else comes ends the connection.</remarks>
/// <param name="mechanisms">Those that are offered: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.</param>
internal sealed class SaslFront(string broker, string name, string password, params string[] mechanisms) : Front(broker)
{
    private const short UnsupportedMechanism = 33, IllegalState = 34, AuthenticationFailed = 58;

    private volatile string _password = password;

    /// <summary>Another password from the next connection on; those that stand stay.</summary>
    public void ChangePassword(string password) => _password = password;

    protected override async Task<Stream> AdmitAsync(Stream client, Stream broker)
    {
        SaslExchange? exchange = null;
        while (true)
        {
            var request = new KafkaRequest(await KafkaFrame.ReadAsync(client, Stop.Token));
            switch (request.Api)
            {
                case KafkaRequest.ApiVersions:
                    await KafkaFrame.WriteAsync(broker, request.Frame, Stop.Token);
                    await KafkaFrame.WriteAsync(client, VersionsAnswer.WithSasl(request.Version, await KafkaFrame.ReadAsync(broker, Stop.Token)), Stop.Token);
                    break;
                case KafkaRequest.SaslHandshake:
                    var mechanism = request.Body().Text();
                    if (mechanisms.Contains(mechanism)) exchange = SaslExchange.Of(mechanism, name, _password);
                    await KafkaFrame.WriteAsync(client, HandshakeAnswer(request, exchange is null ? UnsupportedMechanism : (short)0), Stop.Token);
                    break;
                case KafkaRequest.SaslAuthenticate:
                    var (error, said) = Hear(exchange, request.Body().Bytes());
                    await KafkaFrame.WriteAsync(client, AuthenticateAnswer(request, error, said), Stop.Token);
                    if (error != 0) throw new AuthenticationException();
                    if (exchange!.IsDone) return client;
                    break;
                default:
                    throw new AuthenticationException($"Request {request.Api} came before a name and a password.");
            }
        }
    }

    private static (short Error, byte[] Said) Hear(SaslExchange? exchange, byte[] token)
    {
        if (exchange is null) return (IllegalState, []);
        try
        {
            return (0, exchange.Answer(token));
        }
        catch (AuthenticationException)
        {
            return (AuthenticationFailed, []);
        }
    }

    private byte[] HandshakeAnswer(KafkaRequest request, short error)
    {
        var answer = new KafkaWriter().Number(request.Correlation).Small(error).Number(mechanisms.Length);
        foreach (var mechanism in mechanisms) answer.Text(mechanism);
        return answer.ToArray();
    }

    private static byte[] AuthenticateAnswer(KafkaRequest request, short error, byte[] said)
    {
        var answer = new KafkaWriter().Number(request.Correlation).Small(error).Text(error == 0 ? null : "Authentication failed: invalid credentials.").Bytes(said);
        // From version 1 on for how long it counts; zero is for ever.
        if (request.Version >= 1) answer.Long(0);
        return answer.ToArray();
    }
}
