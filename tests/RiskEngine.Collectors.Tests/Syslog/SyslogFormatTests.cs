using System.Text;
using RiskEngine.Collectors.Syslog;
using RiskEngine.Collectors.Tests.Mapped;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Collectors.Tests.Syslog;

public sealed class SyslogFormatTests
{
    private const string Canonical = """{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":"42"}}""";

    [Theory]
    [InlineData("<134>1 2026-11-21T20:15:01.003Z vpn1 app 8710 ID47 - ")]
    [InlineData("<134>1 2026-11-21T20:15:01.003Z vpn1 app - - [x@1 a=\"1\" b=\"a \\] \\\" b\"][y@1] \uFEFF")]
    [InlineData("<134>1 - - - - - - ")]
    [InlineData("<134>Nov 21 20:15:01 vpn1 app: ")]
    [InlineData("<134>Nov 21 20:15:01 vpn1 app[8710]: ")]
    [InlineData("<134>Nov 21 20:15:01 vpn1 ")]
    [InlineData("Nov 21 20:15:01 vpn1 app/sub(x): ")]
    [InlineData("<134>")]
    [InlineData("")]
    public void A_message_is_taken_out_of_its_envelope(string header)
    {
        var parsed = new SyslogFormat(Some.Format("riskengine")).Parse(header + Canonical + "\r\n");
        Assert.Equal("42", parsed.Text(x => x.SubjectId));
    }

    [Theory]
    [InlineData("<38>1 2026-11-21T20:15:01.003Z bastion sshd 8710 - - Failed password for root from 203.0.113.9 port 4242 ssh2", "2026-11-21T20:15:01.003Z")]
    [InlineData("<38>Nov 21 20:15:01 bastion sshd[8710]: Failed password for root from 203.0.113.9 port 4242 ssh2", "2026-11-21T20:15:01.000Z")]
    public void A_line_of_sshd_is_read_under_either_header(string line, string time)
    {
        var parsed = new SyslogFormat(Some.Format("sshd")).Parse(line + "\n");
        Assert.Equal((time, EventKind.LoginFailed, "203.0.113.9", "root"), (parsed.Event.OccurredAt.ToString(), parsed.Event.Kind, parsed.Event.SourceIp.ToString(), parsed.Text(x => x.SubjectName)));
    }

    [Fact]
    public void Columns_that_hold_colons_are_no_tag()
    {
        var mapping = SomeMapping.Csv with { Columns = ["when", "what", "who", "from", "roles", "client"], Fields = SomeMapping.Csv.Fields with { OccurredAt = new MappedTime { From = ["when"], Format = "%F %T" } } };
        Assert.Equal("jane", new SyslogFormat(SomeMapping.Format(mapping)).Parse("<134>Nov 21 20:15:01 fw1 2026-11-21 20:15:01,up,jane,2001:db8::1,,").Text(x => x.SubjectName));
    }

    [Fact]
    public void The_place_of_a_fault_is_that_in_the_whole_record()
    {
        var record = "<134>1 - - - - - - {\"occurred_at\":1}";
        Assert.Equal(record.IndexOf('1', 20), new SyslogFormat(Some.Format("riskengine")).Parse(record).Defect.Position);
    }

    [Theory]
    [InlineData("riskengine", "<134>1 2026-11-21T20:15:01.003Z vpn1 app 8710 ID47 [x a=\"]\"] " + Canonical)]
    [InlineData("sshd", "<38>1 2026-11-21T20:15:01.003Z bastion sshd 8710 - - Failed password for root from 203.0.113.9 port 4242 ssh2")]
    public void A_record_costs_no_byte(string name, string record)
    {
        var (format, bytes, batch) = (new SyslogFormat(Some.Format(name)), Encoding.UTF8.GetBytes(record), new EventBatch());
        Assert.Equal(0, Allocations.Least(() =>
        {
            batch.Clear();
            for (var i = 0; i < 20; i++) format.Parse(bytes, new SourcePosition(0, 0, i), batch);
        }));
        Assert.Equal(20, batch.Count);
    }

    [Fact]
    public void No_damage_makes_it_throw()
    {
        var random = new Random(20261121);
        string[] samples = ["<134>1 2026-11-21T20:15:01.003Z vpn1 app 8710 ID47 [x a=\"]\\\"\"] " + Canonical, "<134>Nov 21 20:15:01 vpn1 app[8710]: " + Canonical];
        SyslogFormat[] formats = [new(Some.Format("riskengine")), new(Some.Format("sshd"))];
        var batch = new EventBatch();
        for (var i = 0; i < 100_000; i++)
        {
            if (i % 100 == 0) batch.Clear();
            var bytes = Encoding.UTF8.GetBytes(samples[i % 2]);
            for (var times = 0; times < 3; times++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var before = batch.Count;
            var result = formats[i % 2].Parse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), new SourcePosition(0, 0, i), batch);
            Assert.Equal(result.Added, batch.Count - before);
        }
    }
}
