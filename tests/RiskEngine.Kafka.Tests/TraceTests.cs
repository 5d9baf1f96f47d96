using System.Text;
using Confluent.Kafka;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry.Otlp;

namespace RiskEngine.Kafka.Tests;

/// <summary>A trace goes with a login through Kafka: in with its record, on with what comes of it.</summary>
public sealed class TraceTests
{
    private static readonly string[] AllTopics = [$"{Topics.Logins}:1", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1"];

    [KafkaFact]
    public async Task Each_record_is_judged_with_the_trace_of_its_own_header_and_without_one_where_that_is_none()
    {
        string?[] headers =
        [
            Parent('a'), Parent('a'), null, Parent('b', "00"), "", "00", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", new('x', 5000), Parent('c'),
        ];
        await using var broker = await MockBroker.StartAsync(AllTopics);
        Topics.Write(broker, Topics.Logins, headers.Select((header, number) => Record(number, header)));
        await using var engines = new Engines();
        var told = new SortedDictionary<long, string>();
        await using var consuming = new Consuming(broker, engines, null, async (batch, cancellation) =>
        {
            for (var i = 0; i < batch.Events.Count; i++) told[batch.Events.Positions[i].Offset] = batch.Events.Traces.Of(i) is var trace && trace == default ? "" : $"{trace.TraceId.ToHexString()[0]}{(int)trace.TraceFlags} {trace.TraceState}";
            await engines.Loop.SubmitAsync(batch.Events, "kafka", null, cancellation);
        });
        await Until.IsSoAsync(() => engines.Events == headers.Length, "all are judged");
        await consuming.StopAsync();
        Assert.Equal(["a1 vendor=1", "a1 vendor=1", "", "b0 vendor=1", "", "", "", "", "c1 vendor=1"], told.Values);
        Assert.Equal(4, consuming.Watch.TracesRefused);
        Assert.Empty(consuming.Watch.Letters);
    }

    [KafkaFact]
    public async Task From_a_record_to_its_assessment_and_the_block_that_came_of_it_every_trace_is_kept()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var broker = await MockBroker.StartAsync(AllTopics);
        using var folder = new TemporaryFolder();
        Programs.Configure(folder, broker, $"otlp: {{ endpoint: '{receiver.Endpoint}', sampling: 0 }}");
        // The last ones make a rule block the address.
        Topics.Write(broker, Topics.Logins, [Record(0, Parent('a')), Record(1, Parent('b')), Record(2, Parent('b')), Record(3, "no trace"), Record(4, null), .. Enumerable.Range(0, 60).Select(number => Guess(number, Parent('c')))]);
        await using (var server = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine,api")))
        {
            var assessed = Topics.Read(broker, Topics.Assessments, 65).ToDictionary(record => Id(record.Message.Value!), TraceOf);
            Assert.Equal([Parent('a'), Parent('b'), Parent('b'), null, null, Parent('c')], new[] { Topics.IdOf(0), Topics.IdOf(1), Topics.IdOf(2), Topics.IdOf(3), Topics.IdOf(4), "guess-59" }.Select(id => assessed[id]));
            using var client = server.Client();
            Assert.Equal(1, await Programs.MetricAsync(client, "riskengine_kafka_traces_refused_total"));
            var decision = TraceOf(Topics.Read(broker, Topics.Decisions, 1)[0]);
            Assert.Equal(0, await server.StopAsync());
            var delivery = Assert.Single(receiver.Spans, span => span.Name == "deliver");
            Assert.Equal(($"00-{delivery.Trace}-{delivery.Id}-01", "kafka", Trace('c')), (decision, delivery.Attributes["riskengine.responder"], Assert.Single(delivery.Links)));
        }

        // However the records were divided: of each unit the first is its trace, and the others are linked to, each once.
        foreach (var name in new[] { "submit", "batch" })
        {
            var spans = receiver.Spans.Where(span => span.Name == name).ToList();
            Assert.NotEmpty(spans);
            Assert.Equal([Trace('a'), Trace('b'), Trace('c')], spans.SelectMany(span => span.Links.Append(span.Trace)).Distinct().Order(StringComparer.Ordinal));
            Assert.All(spans, span => Assert.Equal(span.Links.Distinct(), span.Links));
        }

        Assert.All(receiver.Spans.Where(span => span.Name == "batch"), batch => Assert.Contains(receiver.Spans, span => span.Name == "submit" && span.Id == batch.Parent && span.Trace == batch.Trace));
    }

    [KafkaFact]
    public async Task Links_are_bounded_and_without_a_receiver_traces_go_on_all_the_same()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var broker = await MockBroker.StartAsync(AllTopics);
        using var folder = new TemporaryFolder();
        Programs.Configure(folder, broker);
        var parents = Enumerable.Range(1, 200).Select(number => $"00-{number:x32}-{number:x16}-01").ToList();
        Topics.Write(broker, Topics.Logins, parents.Select((parent, number) => Record(number, parent)));
        await using (var silent = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine")))
        {
            var assessed = Topics.Read(broker, Topics.Assessments, 200).ToDictionary(record => Id(record.Message.Value!), TraceOf);
            Assert.Equal(parents, Enumerable.Range(0, 200).Select(number => assessed[Topics.IdOf(number)]));
            await silent.StopAsync();
        }

        Programs.Configure(folder, broker, $"otlp: {{ endpoint: '{receiver.Endpoint}', sampling: 0 }}");
        Topics.Write(broker, Topics.Logins, parents.Select((parent, number) => Record(200 + number, parent)));
        await using (var server = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine")))
        {
            Topics.Read(broker, Topics.Assessments, 400);
            await server.StopAsync();
        }

        Assert.NotEmpty(receiver.Spans);
        Assert.All(receiver.Spans, span => Assert.InRange(span.Links.Count, 0, 64));
        Assert.Contains(receiver.Spans, span => span is { Name: "batch", Links.Count: > 1 });
    }

    private static string Trace(char name) => new(name, 32);

    private static string Parent(char name, string flags = "01") => $"00-{Trace(name)}-00f067aa0ba902b7-{flags}";

    private static Message<byte[]?, byte[]?> Record(int number, string? traceparent) => Traced(Topics.Record(number), traceparent);

    private static Message<byte[]?, byte[]?> Guess(int number, string traceparent) => Traced(
        new()
        {
            Key = Encoding.UTF8.GetBytes($"default/n{number}"),
            Value = Encoding.UTF8.GetBytes(
                $$"""{"id":"guess-{{number}}","occurred_at":"{{Topics.Start.AddMinutes(1).AddSeconds(number).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}","kind":"login_failed","subject":{"name":"n{{number}}"},"source_ip":"203.0.113.9","reason":"unknown_user"}"""),
        },
        traceparent);

    private static Message<byte[]?, byte[]?> Traced(Message<byte[]?, byte[]?> record, string? traceparent)
    {
        if (traceparent is not null) record.Headers = [new Header("traceparent", Encoding.ASCII.GetBytes(traceparent)), new Header("tracestate", "vendor=1"u8.ToArray())];
        return record;
    }

    private static string Id(byte[] assessment)
    {
        using var json = System.Text.Json.JsonDocument.Parse(assessment);
        return json.RootElement.GetProperty("event_id").GetString()!;
    }

    private static string? TraceOf(ConsumeResult<byte[]?, byte[]?> record) => record.Message.Headers is { } headers && headers.TryGetLastBytes("traceparent", out _) ? Topics.Header(record, "traceparent") : null;
}
