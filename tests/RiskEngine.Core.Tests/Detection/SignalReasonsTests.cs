using System.Buffers;
using System.Text;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Detection;

public sealed class SignalReasonsTests
{
    [Theory]
    [InlineData(SignalCode.AddressReputation, -5, 12.4, 1, "12 failures, 1 success from this address")]
    [InlineData(SignalCode.NetworkReputation, -5, 1, 2, "1 failure, 2 successes from its neighbours")]
    [InlineData(SignalCode.FeedHit, 5, 1, 0, "on 2 feeds")]
    [InlineData(SignalCode.TorExit, 0, 0, 0, "Tor exit, never used before")]
    [InlineData(SignalCode.VpnNetwork, 1, 0, 0, "VPN, used in 1 login before")]
    [InlineData(SignalCode.KnownDevice, 1, 0, 0, "known to the source")]
    [InlineData(SignalCode.KnownDevice, 2, 7, 0, "same device in 7 logins")]
    [InlineData(SignalCode.NewDevice, 1, 30, 0, "new platform after 30 logins")]
    [InlineData(SignalCode.NewAsn, 3320, 1, 0, "new AS3320 after 1 login")]
    [InlineData(SignalCode.NewCountry, 0x4A50, 9, 0, "new country JP after 9 logins")]
    [InlineData(SignalCode.ImpossibleTravel, 8917.3, 0.5, 17834, "8917 km in 0.5 h")]
    [InlineData(SignalCode.PasswordSpray, 23, 2, 0, "23 names failed from this address")]
    [InlineData(SignalCode.NetworkSpray, 80, 2, 2, "80 names failed from its autonomous system")]
    [InlineData(SignalCode.CredentialStuffing, 90.4, 21, 1, "90% of 21 failures from this address on unknown names")]
    [InlineData(SignalCode.SuccessAfterFailures, 15, 1, 0, "after 15 failures from this address")]
    [InlineData(SignalCode.AutomatedUserAgent, 2, 0, 0, "program by its user agent")]
    public void A_reason_says_the_numbers_in_words(SignalCode code, double a, double b, double c, string reason) =>
        Assert.Equal(reason, SignalReasons.Text(Record(code, a, b, c)));

    [Fact]
    public void Every_signal_has_a_reason_even_with_odd_numbers() => Assert.All(SignalCatalogue.All, signal =>
    {
        Assert.NotEqual("no reason known", SignalReasons.Text(Record(signal.Code, 0, 0, 0)));
        Assert.NotEmpty(SignalReasons.Text(Record(signal.Code, 1e12, 1e12, 1e12)));
    });

    [Fact]
    public void Names_of_feeds_are_what_the_caller_says() =>
        Assert.Equal("ipsum (5 lists), tor", SignalReasons.Text(Record(SignalCode.FeedHit, 3, 5, 0), "ipsum (5 lists), tor"));

    [Fact]
    public void Too_long_a_detail_is_cut_between_characters()
    {
        var text = SignalReasons.Text(Record(SignalCode.FeedHit, 1, 1, 0), "x" + new string('é', 400));
        Assert.Equal("x" + new string('é', 255), text);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var writer = new ArrayBufferWriter<byte>(1 << 16);
        var records = SignalCatalogue.All.Select(signal => Record(signal.Code, 3, 2, 1)).ToArray();
        var least = long.MaxValue;

        // The first rounds run on code that is not optimised yet.
        for (var round = 0; round < 200 && least > 0; round++)
        {
            writer.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Write(records, writer);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Contains("3 km in 2 h", Encoding.UTF8.GetString(writer.WrittenSpan), StringComparison.Ordinal);
    }

    private static void Write(SignalRecord[] records, ArrayBufferWriter<byte> writer)
    {
        foreach (ref readonly var record in records.AsSpan()) SignalReasons.Write(record, default, writer);
    }

    private static SignalRecord Record(SignalCode code, double a, double b, double c) => new(code, 1, 1, a, b, c, default);
}
