using System.Runtime.InteropServices;
using System.Text;

namespace RiskEngine.Kafka.MockBroker;

/// <summary>The mock cluster of librdkafka (rdkafka_mock.h): it speaks Kafka's protocol over TCP, keeps everything in memory, and fails on demand.</summary>
internal static class Native
{
    public const int ProducerType = 0;

    private const string Library = "librdkafka";

    [DllImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static extern nint NewConfiguration();

    [DllImport(Library, EntryPoint = "rd_kafka_new")]
    public static extern nint NewClient(int type, nint configuration, [Out] byte[] error, nuint size);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static extern nint NewCluster(nint client, int brokers);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static extern nint BootstrapsOf(nint cluster);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_topic_create")]
    private static extern int CreateTopic(nint cluster, byte[] name, int partitions, int replicas);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static extern int SetDown(nint cluster, int broker);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static extern int SetUp(nint cluster, int broker);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_host_port")]
    private static extern int SetHostAndPort(nint cluster, int broker, byte[] host, int port);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    public static extern void PushErrors(nint cluster, short api, nuint count, int[] errors);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    public static extern void ClearErrors(nint cluster, short api);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static extern void SetRebalanceDelay(nint cluster, int milliseconds);

    public static int Advertise(nint cluster, string host, int port) => SetHostAndPort(cluster, 1, [.. Encoding.UTF8.GetBytes(host), 0], port);

    public static string Bootstraps(nint cluster) => Marshal.PtrToStringUTF8(BootstrapsOf(cluster)) ?? "";

    public static int Create(nint cluster, string name, int partitions) => CreateTopic(cluster, [.. Encoding.UTF8.GetBytes(name), 0], partitions, 1);
}
