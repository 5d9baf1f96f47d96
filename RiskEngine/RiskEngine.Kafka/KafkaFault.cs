using Confluent.Kafka;

namespace RiskEngine.Kafka;

/// <summary>What went wrong with Kafka, by a closed set of reasons and in words that say what to do. Never holds a key or a value.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>: a label of metrics.</param>
public sealed record KafkaFault(string Reason, string Words)
{
    public const string Unreachable = "unreachable", TimedOut = "timed_out", Unauthenticated = "unauthenticated", Unauthorized = "unauthorized", Tls = "tls",
        Topic = "topic", TooLarge = "too_large", QueueFull = "queue_full", Fenced = "fenced", Rebalancing = "rebalancing", Credentials = "credentials", Other = "other";

    /// <summary>Gets every reason there is.</summary>
    public static IReadOnlyList<string> Reasons { get; } = [Unreachable, TimedOut, Unauthenticated, Unauthorized, Tls, Topic, TooLarge, QueueFull, Fenced, Rebalancing, Credentials, Other];

    /// <summary>What the driver says, as one of ours.</summary>
    internal static KafkaFault Of(Error error)
    {
        var reason = ReasonOf(error.Code);
        var remedy = reason == Unauthenticated && SaslMechanisms.OfferedInstead(error.Reason) is { } offered ? $": the brokers do not take kafka.sasl_mechanism; they offer {offered}" : RemedyOf(reason);
        return new KafkaFault(reason, $"{error.Code}{remedy}");
    }

    private static string ReasonOf(ErrorCode code) => code switch
    {
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.BrokerNotAvailable or ErrorCode.NetworkException
            or ErrorCode.LeaderNotAvailable or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup => Unreachable,
        ErrorCode.Local_TimedOut or ErrorCode.Local_MsgTimedOut or ErrorCode.RequestTimedOut or ErrorCode.Local_TimedOutQueue => TimedOut,
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.IllegalSaslState or ErrorCode.UnsupportedSaslMechanism => Unauthenticated,
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed => Unauthorized,
        ErrorCode.Local_Ssl => Tls,
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.TopicException => Topic,
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => TooLarge,
        ErrorCode.Local_QueueFull => QueueFull,
        ErrorCode.FencedInstanceId or ErrorCode.Local_Fenced => Fenced,
        ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId => Rebalancing,
        _ => Other,
    };

    private static string RemedyOf(string reason) => reason switch
    {
        Unreachable => ": no broker answers; see that kafka.bootstrap_servers is right, that the brokers run, and that they speak kafka.security_protocol there",
        TimedOut => ": a broker did not answer in time",
        Unauthenticated => ": the brokers refuse the name or the password; see to kafka.sasl_username and kafka.sasl_password_file, and that they know this name for kafka.sasl_mechanism",
        Unauthorized => ": the brokers do not allow it; give this user read on the topic of logins and on the group, and write on the others",
        Tls => ": TLS failed; see to kafka.ssl_ca_file and to the names in the brokers' certificates",
        Topic => ": a topic or partition is not there",
        TooLarge => ": the brokers take no record of that size (message.max.bytes)",
        QueueFull => ": too much waits to be sent",
        Rebalancing => ": the group was being shared out, or had given this member up; what could not be acknowledged is read again by who gets it, and repeats are told by event id",
        Fenced => ": another process has the same kafka.group_instance_id; give each its own",
        _ => "",
    };
}
