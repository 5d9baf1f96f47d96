using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

/// <summary>Damaged records by the hundred thousand, from a fixed seed.</summary>
public sealed class MutationTests
{
    private const int Count = 200_000;

    private static readonly byte[][] Tokens =
    [
        .. new[] { "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ",", ":", " from ", " port ", " for ", " user ", "null", "1e999", "-", "%", "\0", "[preauth]", "\"\"", ": [" }
            .Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    [Theory, InlineData("riskengine"), InlineData("authentik"), InlineData("rba"), InlineData("sshd"), InlineData("keycloak"), InlineData("mapped json"), InlineData("mapped csv")]
    public void No_damage_makes_a_format_throw_or_keep_half_an_event(string name)
    {
        var random = new Random(20261121);
        var format = Samples.Format(name);
        var samples = Samples.Of(name).Select(Encoding.UTF8.GetBytes).ToArray();
        var batch = new EventBatch();
        for (var i = 0; i < Count; i++)
        {
            if (i % 100 == 0) batch.Clear();
            var before = batch.Here;
            var result = format.Parse(Damage(samples[random.Next(samples.Length)], random), new SourcePosition(0, 0, i), batch);
            Check(result, batch, before);
        }
    }

    /// <summary>Every member of every object, given once more before or behind the others, with the same value or another.</summary>
    [Theory, InlineData("riskengine"), InlineData("authentik")]
    public void No_member_that_is_read_is_taken_twice(string name)
    {
        var format = Samples.Format(name);
        var refused = new HashSet<string>();
        foreach (var sample in Samples.Of(name).Where(sample => format.Parse(sample) is { Result: { Added: 1, IsFaulty: false } }))
        {
            foreach (var (path, parent, member) in Members(JsonNode.Parse(sample)!.AsObject(), ""))
            {
                var original = parent.ToJsonString();
                foreach (var value in (string[])[member.Value?.ToJsonString() ?? "null", "null", "5", "{}", "[]", "\"x\""])
                {
                    var again = $"{JsonSerializer.Serialize(member.Key)}:{value}";
                    foreach (var doubled in (string[])[$"{{{again},{original[1..]}", $"{original[..^1]},{again}}}"])
                    {
                        var result = format.Parse(Replaced(sample, path, doubled));
                        if (result.Defect.Reason == DefectReason.DuplicateKey) refused.Add(path + member.Key);
                        else if (!result.Result.IsFaulty && MustBeSingle(name, path + member.Key)) Assert.Fail($"{path}{member.Key} was taken twice: {doubled}");
                    }
                }
            }
        }

        Assert.True(refused.Count >= 20, $"only {refused.Count} members were refused: {string.Join(", ", refused)}");
    }

    private static readonly HashSet<string> Canonical =
    [
        "id", "occurred_at", "kind", "tenant", "subject", "subject.id", "subject.name", "subject.groups", "subject.service_account", "source_ip", "user_agent", "session_id", "device_id",
        "known_device", "request_id", "application", "auth_method", "mfa", "reason", "round_trip_ms", "geo", "geo.country", "geo.city", "geo.latitude", "geo.longitude", "asn", "asn.number",
        "asn.organization", "probe",
    ];

    private static readonly HashSet<string> Authentik =
    [
        "pk", "action", "created", "client_ip", "user", "user.pk", "user.username", "user.is_anonymous", "context", "context.username", "context.reason", "context.geo", "context.geo.country",
        "context.geo.city", "context.geo.lat", "context.geo.long", "context.asn", "context.asn.asn", "context.asn.as_org", "context.http_request", "context.http_request.user_agent",
        "context.http_request.request_id", "context.auth_method", "context.auth_method_args", "context.auth_method_args.known_device", "context.auth_method_args.mfa_devices",
    ];

    private static bool MustBeSingle(string format, string path) => (format == "riskengine" ? Canonical : Authentik).Contains(path);

    private static IEnumerable<(string Path, JsonObject Parent, KeyValuePair<string, JsonNode?> Member)> Members(JsonObject parent, string path)
    {
        foreach (var member in parent)
        {
            yield return (path, parent, member);
            if (member.Value is not JsonObject inner) continue;
            foreach (var found in Members(inner, $"{path}{member.Key}.")) yield return found;
        }
    }

    /// <summary>The record with the object at that path written otherwise: what is written is no tree any more.</summary>
    private static string Replaced(string record, string path, string text)
    {
        if (path.Length == 0) return text;
        const string Mark = "7f3a-mark";
        var root = JsonNode.Parse(record)!;
        var names = path.TrimEnd('.').Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        parent[names[^1]] = Mark;
        return root.ToJsonString().Replace($"\"{Mark}\"", text, StringComparison.Ordinal);
    }

    private static void Check(ParseResult result, EventBatch batch, EventBatch.Mark before)
    {
        if (batch.Count - before.Count != result.Added) throw new InvalidOperationException($"{result} but {batch.Count - before.Count} events.");
        if (result.IsFaulty && string.IsNullOrEmpty(result.Defect.Detail)) throw new InvalidOperationException("A defect without words.");
        foreach (ref readonly var e in batch.Events[before.Count..])
        {
            if (e.Id.IsEmpty || e.OccurredAt == default || (e.SubjectId.IsEmpty && e.SubjectName.IsEmpty && e.Kind != EventKind.Other)) throw new InvalidOperationException("Half an event.");
            if (!Utf8.IsValid(batch.Text(e.Id)) || !Utf8.IsValid(batch.Text(e.SubjectName)) || !Utf8.IsValid(batch.Text(e.UserAgent))) throw new InvalidOperationException("Broken text.");
            if (e.SubjectIsUnknown && (!e.SubjectId.IsEmpty || e.SubjectName.Length != Pseudonyms.NameLength)) throw new InvalidOperationException("A name in clear.");
        }
    }

    private static byte[] Damage(byte[] record, Random random)
    {
        List<byte> bytes = [.. record];
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                default: bytes.InsertRange(at, bytes.GetRange(0, at)); break;
            }
        }

        return [.. bytes];
    }
}
