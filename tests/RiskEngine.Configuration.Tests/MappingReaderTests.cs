using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Configuration.Tests;

public sealed class MappingReaderTests
{
    private const string Least = """
        container: json
        fields:
          occurred_at: at
          kind: type
          subject: { id: user }
        """;

    [Theory, InlineData("sso-export.yaml"), InlineData("vpn-appliance.yaml")]
    public void The_mappings_to_copy_are_in_order(string file) =>
        Assert.Empty(MappingReader.Load(RepositoryRoot.Path("docs", "mappings", file)).Faults);

    [Fact]
    public void A_word_is_a_place_and_a_section_says_more()
    {
        var (mapping, faults) = MappingReader.Parse(Least + "\n  source_ip: { from: [a, b], values: { x: 192.0.2.1 }, otherwise: \"\" }\n", "m.yaml");
        Assert.Empty(faults);
        Assert.Equal(["at"], mapping!.Fields.OccurredAt.From);
        Assert.Equal(["a", "b"], mapping.Fields.SourceIp.From);
        Assert.Equal(("192.0.2.1", "", UnmappedKind.Keep), (mapping.Fields.SourceIp.Values["x"], mapping.Fields.SourceIp.Otherwise, mapping.Fields.Kind.Otherwise));
        Assert.False(mapping.Fields.UserAgent.IsGiven);
    }

    [Fact]
    public void All_faults_are_told_at_once_with_line_key_and_the_nearest_name()
    {
        var (mapping, faults) = MappingReader.Parse("""
            container: jsn
            fields:
              occured_at: at
              kind:
                from: type
                values:
                  OK: logn
              subject: { id: user }
              sorce_ip: ip
            """, "m.yaml");
        Assert.Null(mapping);
        string[] told = [.. faults.Select(fault => fault.ToString())];
        Assert.Contains("m.yaml:1:1: container: expected json or csv, found \"jsn\"; did you mean json?", told);
        Assert.Contains("m.yaml:3:3: fields.occured_at: unknown key; did you mean occurred_at?", told);
        Assert.Contains(told, fault => fault.StartsWith("m.yaml:7:7: fields.kind.values.OK: expected a kind of event", StringComparison.Ordinal) && fault.EndsWith("did you mean login?", StringComparison.Ordinal));
        Assert.Contains("m.yaml:9:3: fields.sorce_ip: unknown key; did you mean source_ip?", told);
        Assert.Contains(told, fault => fault.Contains("fields.occurred_at: is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_faulty_key_hides_no_other_fault()
    {
        string[] told = [.. MappingReader.Parse("""
            container: json
            separatr: ";"
            fields:
              occurred_at: { from: at, format: "%Q", zne: "+01:00" }
              kind: type
              subject: { id: a..b, nme: x }
              source_ip: { value: nowhere }
            required: [address]
            """, "m.yaml").Faults.Select(fault => fault.ToString())];
        string[] expected = ["separatr: unknown", "fields.occurred_at.zne: unknown", "fields.occurred_at.format: %Q is not known", "fields.subject.nme: unknown", "fields.subject.id: a name is missing", "fields.source_ip: expected an IP", "required[0]: there is no field"];
        Assert.All(expected, fault => Assert.Single(told, line => line.Contains(fault, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, told.Length);
    }

    [Fact]
    public void What_hangs_on_a_faulty_key_is_not_told_a_second_time()
    {
        var faults = MappingReader.Parse("""
            container: jsn
            columns: [at]
            fields:
              occurred_at: { from: at, format: [x], zone: "+01:00" }
              subject: { idd: user }
            required: [source_ip]
            """, "m.yaml").Faults;
        Assert.Equal(["container", "fields.kind", "fields.occurred_at.format", "fields.subject.idd"], faults.Select(fault => fault.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "fields"), InlineData("fields: {}", "fields.kind"), InlineData("fields: { kind: [{}] }", "fields.kind.from[0]")]
    public void A_mapping_of_which_next_to_nothing_can_be_read_is_told_as_such(string rest, string key) =>
        Assert.Contains(MappingReader.Parse($"container: json\n{rest}\n", "m.yaml").Faults, fault => fault.Key == key);

    [Theory]
    [InlineData("  subject: {}", "fields.subject: needs an id, a name or both")]
    [InlineData("  subject: { id: a..b }", "fields.subject.id: a name is missing in this path")]
    [InlineData("  subject: { id: 'a[x]' }", "fields.subject.id: expected the number of an element")]
    [InlineData("  subject: { id: { from: a, value: b } }", "fields.subject.id.value: is a constant")]
    [InlineData("  subject: { id: { from: a, otherwise: b } }", "fields.subject.id.otherwise: needs values")]
    [InlineData("  subject: { id: { from: a, split: ',' } }", "fields.subject.id.split: only subject.groups and mfa are lists")]
    [InlineData("  subject: { id: a }\n  known_device: { value: maybe }", "fields.known_device: expected true or false")]
    [InlineData("  subject: { id: a }\n  geo: { latitude: { from: x, values: { n: '91' } } }", "fields.geo.latitude: expected degrees")]
    [InlineData("  subject: { id: a }\nrequired: [source_ip]", "required[0]: source_ip is required and fields does not say where it stands")]
    [InlineData("  subject: { id: a }\nrequired: [address]", "required[0]: there is no field \"address\"")]
    [InlineData("  subject: { id: a }\ncolumns: [a]", "columns: is for CSV")]
    [InlineData("  subject: { id: a }\nquotes: false", "quotes: is for CSV")]
    [InlineData("  subject: { id: a }\nseparator: ab", "separator: expected one ASCII character")]
    public void What_cannot_hold_is_refused_where_it_stands(string rest, string expected)
    {
        var faults = MappingReader.Parse($"container: json\nfields:\n  occurred_at: at\n  kind: type\n{rest}\n", "m.yaml").Faults;
        Assert.Contains(expected, Assert.Single(faults).ToString(), StringComparison.Ordinal);
        Assert.True(faults[0].Line >= 1);
    }

    [Theory]
    [InlineData("{ from: at, format: rfc3339 }", "expected iso, unix, unix_ms or a pattern")]
    [InlineData("{ from: at, format: '%Y-%m-%d' }", "a time needs an hour")]
    [InlineData("{ from: at, format: '%Y-%m-%d %I:%M' }", "%I and %p together")]
    [InlineData("{ from: at, format: '%Y-%m-%d %H:%M %Q' }", "%Q is not known")]
    [InlineData("{ from: at, zone: '+02:00' }", "is for patterns without %z")]
    [InlineData("{ format: iso }", "the place of the time")]
    public void A_time_that_nobody_can_read_is_refused(string time, string expected) =>
        Assert.Contains(expected, Assert.Single(MappingReader.Parse($"container: json\nfields:\n  occurred_at: {time}\n  kind: type\n  subject: {{ id: a }}\n", "m.yaml").Faults).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_column_that_is_not_listed_is_refused() =>
        Assert.Contains("columns has no \"user\"", Assert.Single(MappingReader.Parse(Least.Replace("container: json", "container: csv\ncolumns: [at, type]"), "m.yaml").Faults).ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_path_of_a_mapping_starts_from_the_folder_of_the_configuration()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sources:\n  file:\n    - { path: a.csv, format: 'mapped:maps/m.yaml' }\n    - { path: b.log, format: sshd }\n");
        var settings = Settings.Load(file, new Dictionary<string, string>()).Settings!;
        Assert.Equal(["mapped:" + Path.Combine(folder.Path, "maps", "m.yaml"), "sshd"], settings.Sources.File.Select(file => file.Format));
    }
}
