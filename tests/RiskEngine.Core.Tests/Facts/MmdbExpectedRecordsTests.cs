using System.Text;
using System.Text.Json.Nodes;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Core.Tests.Facts;

/// <summary>MaxMind's test databases give, record by record, what MaxMind says is in them.</summary>
public sealed class MmdbExpectedRecordsTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Every_network_of_every_source_gives_its_record()
    {
        var compared = 0;
        foreach (var source in Directory.GetFiles(SharedData.Path("maxmind-test-data"), "*.json"))
        {
            var name = Path.GetFileNameWithoutExtension(source);
            var reader = TestDatabases.Open(name + ".mmdb");
            var entries = JsonNode.Parse(File.ReadAllBytes(source))!.AsArray().SelectMany(entry => entry!.AsObject()).ToList();
            var prefixes = entries.Select(entry => Prefix(entry.Key)).ToList();
            for (var i = 0; i < entries.Count; i++)
            {
                foreach (var address in (IpAddress[])[Number(prefixes[i].Start), Number(prefixes[i].End)])
                {
                    // Sources may nest: what is written later replaces all that lies within it.
                    var holder = prefixes.FindLastIndex(prefix => Holds(prefix, address));
                    Assert.Equal(MmdbFault.None, reader.Find(address, out var record, out _));
                    Assert.True(record >= 0, $"{name} does not know {address} of {entries[i].Key}.");
                    Assert.Equal(MmdbFault.None, MmdbText.TryWrite(reader, record, out var json));
                    AssertSame(entries[holder].Value, JsonNode.Parse(json), $"{name} {address}");
                    compared++;
                }
            }
        }

        output.WriteLine($"{compared} records compared");
        Assert.True(compared > 2000);
    }

    [SharedDataFact]
    public void Every_network_found_by_walking_is_found_by_its_address()
    {
        foreach (var name in TestDatabases.Names())
        {
            var reader = TestDatabases.Open(name);
            var networks = reader.Networks().ToList();
            Assert.NotEmpty(networks);
            foreach (var network in networks)
            {
                Assert.Equal(MmdbFault.None, reader.Find(network.Address, out var record, out var length));
                Assert.Equal((network.Record, network.PrefixLength), (record, length));
                Assert.Equal(MmdbFault.None, MmdbText.TryWrite(reader, record, out _));
            }
        }
    }

    [SharedDataFact]
    public void Every_type_of_field_is_read()
    {
        var reader = TestDatabases.Open("MaxMind-DB-test-decoder.mmdb");
        reader.Find(IpAddress.Parse("1.1.1.0"), out var record, out var length);
        MmdbText.TryWrite(reader, record, out var json);

        Assert.Equal(24, length);
        AssertSame(
            JsonNode.Parse("""
                {"array":[1,2,3],"boolean":true,"bytes":[0,0,0,42],"double":42.123456,"float":1.1,"int32":-268435456,
                 "map":{"mapX":{"arrayX":[7,8,9],"utf8_stringX":"hello"}},"uint128":1329227995784915872903807060280344576,
                 "uint16":100,"uint32":268435456,"uint64":1152921504606846976,"utf8_string":"unicode! ☯ - ♫"}
                """),
            JsonNode.Parse(json),
            "decoder");
    }

    [SharedDataFact]
    public void Zero_values_are_values()
    {
        var reader = TestDatabases.Open("MaxMind-DB-test-decoder.mmdb");
        reader.Find(IpAddress.Parse("::0.0.0.0"), out var record, out _);

        Assert.Equal(MmdbFault.None, MmdbText.TryWrite(reader, record, out var json));
        Assert.Contains("\"uint128\":0", json, StringComparison.Ordinal);
        Assert.Contains("\"boolean\":false", json, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("MaxMind-DB-test-ipv4-24.mmdb", "1.1.1.3", "1.1.1.2")]
    [InlineData("MaxMind-DB-test-ipv4-28.mmdb", "1.1.1.3", "1.1.1.2")]
    [InlineData("MaxMind-DB-test-ipv4-32.mmdb", "1.1.1.17", "1.1.1.16")]
    [InlineData("MaxMind-DB-test-ipv6-24.mmdb", "::1:ffff:ffff", "::1:ffff:ffff")]
    [InlineData("MaxMind-DB-test-ipv6-28.mmdb", "::2:0:41", "::2:0:40")]
    [InlineData("MaxMind-DB-test-ipv6-32.mmdb", "::2:0:59", "::2:0:58")]
    [InlineData("MaxMind-DB-test-mixed-24.mmdb", "1.1.1.5", "::1.1.1.4")]
    [InlineData("MaxMind-DB-test-mixed-28.mmdb", "::2:0:59", "::2:0:58")]
    [InlineData("MaxMind-DB-test-mixed-32.mmdb", "1.1.1.17", "::1.1.1.16")]
    public void Trees_of_every_record_size_lead_to_the_network(string file, string address, string network)
    {
        var reader = TestDatabases.Open(file);
        reader.Find(IpAddress.Parse(address), out var record, out _);
        MmdbText.TryWrite(reader, record, out var json);

        Assert.Equal($$"""{"ip":"{{network}}"}""", json);
    }

    [SharedDataTheory, InlineData("MaxMind-DB-test-ipv4-24.mmdb", "2001:db8::1"), InlineData("MaxMind-DB-test-ipv4-24.mmdb", "255.255.255.254"), InlineData("MaxMind-DB-test-ipv6-24.mmdb", "8.8.8.8")]
    public void An_address_outside_is_unknown_and_no_fault(string file, string address)
    {
        Assert.Equal(MmdbFault.None, TestDatabases.Open(file).Find(IpAddress.Parse(address), out var record, out _));
        Assert.Equal(-1, record);
    }

    [SharedDataFact]
    public void A_tree_of_IPv6_that_ends_above_IPv4_answers_IPv4_with_what_it_ends_at()
    {
        Assert.Equal(MmdbFault.None, TestDatabases.Open("MaxMind-DB-no-ipv4-search-tree.mmdb").Find(IpAddress.Parse("1.2.3.4"), out var record, out var length));
        Assert.True(record >= 0);
        Assert.Equal(0, length);
    }

    [SharedDataFact]
    public void Metadata_behind_pointers_are_read() => Assert.NotEqual("", TestDatabases.Open("MaxMind-DB-test-metadata-pointers.mmdb").Metadata.DatabaseType);

    private static (UInt128 Start, UInt128 End, int Length) Prefix(string network)
    {
        // In these sources "::1.2.3.0/120" and "1.2.3.0/24" are the same network: IPv4 under ::/96.
        var text = network.StartsWith("::", StringComparison.Ordinal) && network.Contains('.', StringComparison.Ordinal) ? network[2..] : network;
        var isMoved = text != network;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var length = int.Parse(text[(slash + 1)..]) - (isMoved ? 96 : 0);
        var normal = $"{text[..slash]}/{length}";
        Assert.True(AddressPrefix.TryParse(Encoding.ASCII.GetBytes(normal), out var prefix, out _), network);
        return (prefix.Start, prefix.End, prefix.Length);
    }

    private static bool Holds((UInt128 Start, UInt128 End, int Length) prefix, IpAddress address)
    {
        var number = new UInt128(address.High, address.Low);
        return number >= prefix.Start && number <= prefix.End;
    }

    private static IpAddress Number(UInt128 number) => new((ulong)(number >> 64), (ulong)number);

    private static string Keys(JsonObject map) => string.Join(' ', map.Select(pair => pair.Key).Order(StringComparer.Ordinal));

    private static void AssertSame(JsonNode? expected, JsonNode? actual, string where)
    {
        switch (expected)
        {
            case JsonObject map:
                Assert.True(actual is JsonObject, where);
                Assert.True(Keys(map) == Keys(actual.AsObject()), $"{where}: {Keys(map)} but {Keys(actual.AsObject())}");
                foreach (var (key, value) in map) AssertSame(value, actual[key], $"{where} {key}");
                break;
            case JsonArray list:
                Assert.True(actual is JsonArray array && array.Count == list.Count, where);
                for (var i = 0; i < list.Count; i++) AssertSame(list[i], actual[i], $"{where} [{i}]");
                break;
            default:
                var (left, right) = (expected?.ToJsonString(), actual?.ToJsonString());
                if (left == right) return;

                // Booleans of some sources are written as 0 and 1, as the language they come from has it.
                if (actual?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) right = (bool)actual ? "1" : "0";
                if (left == right) return;
                Assert.True(double.TryParse(left, out var a) && double.TryParse(right, out var b) && Math.Abs(a - b) <= 1e-6 * Math.Abs(a), $"{where}: {left} but {right}");
                break;
        }
    }
}
