using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Tests.Telemetry;

public sealed class PersonalTextTests
{
    private static readonly KeyedHash Hash = new("0123456789abcdef"u8);

    [Fact]
    public void A_subject_is_a_pseudonym_that_stays_the_same()
    {
        var written = Subject(new TelemetrySettings(), "jane");
        Assert.DoesNotContain("jane", written, StringComparison.Ordinal);
        Assert.Equal(written, Subject(new TelemetrySettings(), "jane"));
        Assert.NotEqual(written, Subject(new TelemetrySettings(), "john"));
    }

    [Fact]
    public void A_subject_is_in_clear_where_the_configuration_says_so() => Assert.Equal("jane", Subject(new TelemetrySettings { Pseudonymise = false }, "jane"));

    [Theory, InlineData(false), InlineData(true)]
    public void An_address_is_hashed_only_where_the_configuration_says_so(bool hashed)
    {
        var written = new PersonalText(new TelemetrySettings { HashAddresses = hashed }, Hash).Address("203.0.113.7");
        Assert.Equal(!hashed, written == "203.0.113.7");
    }

    private static string Subject(TelemetrySettings settings, string name)
    {
        var batch = new EventBatch();
        var text = batch.Append(Encoding.UTF8.GetBytes(name));
        batch.Add(new SourcePosition(0, 0, 0)).SubjectName = text;
        return new PersonalText(settings, Hash).Subject(batch, batch[0]);
    }
}
