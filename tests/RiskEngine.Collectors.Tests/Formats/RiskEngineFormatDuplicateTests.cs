using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

/// <summary>Members of canonical events that are given twice.</summary>
public sealed class RiskEngineFormatDuplicateTests
{
    private readonly RiskEngineFormat _format = new(Some.Context);

    [Theory]
    [InlineData(",\"source_ip\":\"203.0.113.7\",\"source_ip\":\"203.0.113.8\"", "source_ip")]
    [InlineData(",\"source_ip\":\"203.0.113.7\",\"source_ip\":null", "source_ip")]
    [InlineData(",\"source_ip\":\"203.0.113.7\",\"source\\u005fip\":\"203.0.113.7\"", "source_ip")]
    [InlineData(",\"subject\":{\"id\":\"7\"}", "subject")]
    [InlineData(",\"geo\":{\"city\":\"Bonn\",\"city\":\"Bonn\"}", "geo.city")]
    [InlineData(",\"asn\":{\"number\":1,\"number\":2}", "asn.number")]
    [InlineData(",\"geo\":{},\"geo\":{}", "geo")]
    [InlineData(",\"mfa\":[],\"mfa\":[\"totp\"]", "mfa")]
    [InlineData(",\"probe\":true,\"probe\":true", "probe")]
    public void A_member_given_twice_is_refused_with_the_place_of_the_second(string more, string field)
    {
        var name = field[(field.LastIndexOf('.') + 1)..];
        var record = $$"""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"name":"jane"}{{more}}}""";
        var defect = _format.Parse(record).Defect;
        Assert.Equal((DefectReason.DuplicateKey, $"{field} is given twice"), (defect.Reason, defect.Detail));
        var second = record.LastIndexOf($"\"{name}\"", StringComparison.Ordinal);
        Assert.Equal(more.Contains("\\u005f", StringComparison.Ordinal) ? record.IndexOf("\"source\\u005fip", StringComparison.Ordinal) : second, defect.Position);
    }

    [Fact]
    public void Equal_names_in_different_objects_and_unknown_names_may_come_again() =>
        Assert.Equal("jane", Event(",\"id\":\"1\",\"x\":1,\"x\":{\"id\":1,\"id\":2},\"asn\":{\"name\":1,\"name\":2}").Text(x => x.SubjectName));

    [Fact]
    public void The_event_after_a_refused_one_is_read_afresh()
    {
        Assert.True(Event(",\"probe\":true,\"probe\":true").Result.IsFaulty);
        Assert.True(Event(",\"probe\":true").Event.Probe);
    }

    private Parsed Event(string more) =>
        _format.Parse($$"""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"name":"jane"}{{more}}}""");
}
