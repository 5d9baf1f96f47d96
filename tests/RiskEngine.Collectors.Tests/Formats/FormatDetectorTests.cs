using System.Text;
using RiskEngine.Collectors.Formats;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class FormatDetectorTests
{
    [Theory]
    [InlineData("{\"id\":\"x\",\"occurred_at\":\"", "riskengine")]
    [InlineData("[\n {\"kind\":\"login\",\n\"occurred_at\":", "riskengine")]
    [InlineData("{\"event\":\"mine\",\"occurred_at\":\"2026-11-21T20:15:01Z\"}", "riskengine")]
    [InlineData("{\"pagination\":{\"next\":0},\"results\":[", "authentik")]
    [InlineData("{\"pk\":\"a\",\"action\":\"login\",\"user\":{}}", "authentik")]
    [InlineData("{\"event\":\"Created Event\",\"level\":\"info\"}", "authentik")]
    [InlineData("{broken\n{\"kind\":\"login\",\"occurred_at\":1}\n", "riskengine")]
    [InlineData("index,Login Timestamp,User ID,Login Successful\n1,", "rba")]
    [InlineData("Jun 14 15:16:01 combo sshd[1]: x\n", "sshd")]
    [InlineData("Jun 14 15:16:01 combo kernel: x\n", "sshd")]
    [InlineData("2026-06-14T15:16:01.123456+02:00 host sshd[123]: x", "sshd")]
    [InlineData("<38>Jun 14 15:16:01 combo sshd[1]: x\n", "sshd")]
    public void A_format_is_told_by_the_first_lines(string text, string name) => Assert.Equal(name, FormatDetector.Detect(Encoding.UTF8.GetBytes(text)).Name);

    [Theory, InlineData("a,b,c\n1,2,3\n"), InlineData("{\"a\":1}"), InlineData("hello\nworld\n"), InlineData("[1,2]")]
    public void A_text_of_no_known_format_is_refused_with_the_names(string text)
    {
        var guess = FormatDetector.Detect(Encoding.UTF8.GetBytes(text));
        Assert.Null(guess.Name);
        Assert.Contains("riskengine, authentik, keycloak, rba, sshd", guess.Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData(" \n\n")]
    public void Nothing_tells_no_format(string text) => Assert.Null(FormatDetector.Detect(Encoding.UTF8.GetBytes(text)).Name);
}
