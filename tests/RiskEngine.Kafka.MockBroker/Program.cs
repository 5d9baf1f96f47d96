using System.Globalization;
using System.Runtime.InteropServices;
using RiskEngine.Kafka.MockBroker;

// A Kafka broker for tests: "MockBroker LIBRDKAFKA TOPIC:PARTITIONS…". Says where it listens, then obeys a command a line, answers each with "ok", and ends with its input.
//   down | up            the broker goes away, and comes back with what it had
//   fail API ERROR TIMES the next requests of that kind are refused: Produce is 0, Fetch 1, Metadata 3, OffsetCommit 8
//   heal API             no more of that
//   topic NAME COUNT     a topic more
//   advertise HOST PORT  what clients are told to connect to from now on
var handle = NativeLibrary.Load(args[0]);
NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, (name, _, _) => name == "librdkafka" ? handle : 0);

var error = new byte[512];
var client = Native.NewClient(Native.ProducerType, Native.NewConfiguration(), error, (nuint)error.Length);
if (client == 0) throw new InvalidOperationException(System.Text.Encoding.UTF8.GetString(error));
var cluster = Native.NewCluster(client, brokers: 1);
Native.SetRebalanceDelay(cluster, 200);
foreach (var topic in args[1..]) Create(topic.Split(':'));
Say(Native.Bootstraps(cluster));

while (Console.In.ReadLine() is { } line)
{
    switch (line.Split(' '))
    {
        case ["down"]: Check(Native.SetDown(cluster, 1)); break;
        case ["up"]: Check(Native.SetUp(cluster, 1)); break;
        case ["fail", var api, var code, var times]: Native.PushErrors(cluster, (short)Number(api), (nuint)Number(times), [.. Enumerable.Repeat(Number(code), Number(times))]); break;
        case ["heal", var api]: Native.ClearErrors(cluster, (short)Number(api)); break;
        case ["topic", .. var topic]: Create(topic); break;
        case ["advertise", var host, var port]: Check(Native.Advertise(cluster, host, Number(port))); break;
        default: throw new InvalidOperationException($"There is no command '{line}'.");
    }

    Say("ok");
}

void Create(string[] topic) => Check(Native.Create(cluster, topic[0], Number(topic[1])));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static void Check(int code)
{
    if (code != 0) throw new InvalidOperationException($"The mock cluster says {code}.");
}

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}
