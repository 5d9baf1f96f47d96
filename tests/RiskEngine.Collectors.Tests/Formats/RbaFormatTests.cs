using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class RbaFormatTests
{
    private const string Header = "index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address,Country,Region,City,ASN,User Agent String,Browser Name and Version,OS Name and Version,Device Type,Login Successful,Is Attack IP,Is Account Takeover";

    private readonly RbaFormat _format = new(Some.Context);

    [Fact]
    public void Every_column_arrives()
    {
        var parsed = Row("7,2020-02-03 12:43:55.873,-3284137479262433373,512,192.0.2.58,NO,Vestland,Urangsvag,29695,\"Mozilla/5.0 (KHTML, like \"\"Gecko\"\")\",B,O,mobile,True,False,True");
        var e = parsed.Event;
        Assert.Equal(("2020-02-03T12:43:55.873Z", EventKind.Login, 512, true), (e.OccurredAt.ToString(), e.Kind, e.RoundTripMilliseconds, e.IsAttack));
        Assert.Equal(("192.0.2.58", "NO", 29695u), (e.SourceIp.ToString(), e.Country.ToString(), e.Asn));
        Assert.Equal(["-3284137479262433373", "Urangsvag", "Mozilla/5.0 (KHTML, like \"Gecko\")"], [parsed.Text(x => x.SubjectId), parsed.Text(x => x.City), parsed.Text(x => x.UserAgent)]);
        Assert.StartsWith("d-", parsed.Text(x => x.Id), StringComparison.Ordinal);
    }

    [Theory, InlineData("-4324475583306591935"), InlineData("-4.32E+18")]
    public void Failures_of_the_account_that_stands_for_none_are_of_an_unknown_name(string user)
    {
        var parsed = Row($"7,2020-02-03 12:43:55.873,{user},,192.0.2.58,NO,-,-,29695,UA,B,O,mobile,FALSE,FALSE,FALSE");
        Assert.True(parsed.Event.SubjectIsUnknown);
        Assert.Matches("^~[0-9a-f]{32}$", parsed.Text(x => x.SubjectName));
        Assert.True(parsed.Event.City.IsEmpty);
        Assert.Equal(-1, parsed.Event.RoundTripMilliseconds);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_spelling()
    {
        _format.Parse("is_account_takeover,login_successful,USER_ID,LoginTimestamp,id");
        var parsed = _format.Parse("1,1,9,2020-02-03 12:43:55,abc");
        Assert.Equal(("9", "abc", true, EventKind.Login), (parsed.Text(x => x.SubjectId), parsed.Text(x => x.Id), parsed.Event.IsAttack, parsed.Event.Kind));
        Assert.True(parsed.Event.SourceIp.IsUnknown);
    }

    [Fact]
    public void Times_cut_to_minutes_and_seconds_move_on_by_the_hour()
    {
        Assert.Equal("2020-02-03T12:43:30.800Z", Cut("43:30.8").Event.OccurredAt.ToString());
        Assert.Equal("2020-02-03T12:59:59.900Z", Cut("59:59.9").Event.OccurredAt.ToString());
        Assert.Equal("2020-02-03T12:59:58.000Z", Cut("59:58.0").Event.OccurredAt.ToString());
        Assert.Equal("2020-02-03T13:00:01.000Z", Cut("00:01.0").Event.OccurredAt.ToString());
    }

    [Fact]
    public void Without_a_header_nothing_is_read() => Assert.Equal(DefectReason.UnknownColumns, _format.Parse("1,2,3").Defect.Reason);

    [Fact]
    public void A_header_that_comes_again_is_no_row()
    {
        _format.Parse(Header);
        Assert.Equal(ParseResult.Nothing, _format.Parse(Header).Result);
    }

    [Theory]
    [InlineData("7,2020-02-03 12:43:55.873,1,,192.0.2.58", DefectReason.UnknownColumns)]
    [InlineData("7,1970-01-01 00:00:00,1,,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.BadTime)]
    [InlineData("7,2100-01-01 00:00:00,1,,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.InFuture)]
    [InlineData("7,61:00.0,1,,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.BadTime)]
    [InlineData("7,2020-02-03 12:43:55,,,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.MissingField)]
    [InlineData("7,2020-02-03 12:43:55,1,x,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.BadNumber)]
    [InlineData("7,2020-02-03 12:43:55,1,,192.0.2.58:80,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.BadAddress)]
    [InlineData("7,2020-02-03 12:43:55,1,,\"192.0.2.58, 10.0.0.1\",NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.BadAddress)]
    [InlineData("7,2020-02-03 12:43:55,1,,fe80::1%1,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.BadAddress)]
    [InlineData("7,2020-02-03 12:43:55,1,,192.0.2.58,NO,-,-,AS1,UA,B,O,m,True,False,False", DefectReason.BadNumber)]
    [InlineData("7,2020-02-03 12:43:55,1,,192.0.2.58,NO,-,-,1,UA,B,O,m,maybe,False,False", DefectReason.BadValue)]
    [InlineData("7,2020-02-03 12:43:55,1,,192.0.2.58,NO,-,-,1,UA,B,O,m,,False,False", DefectReason.BadValue)]
    [InlineData("7,2020-02-03 12:43:55,1,,192.0.2.58,NO,-,-,1,\"UA,B,O,m,True,False,False", DefectReason.BadValue)]
    [InlineData("7,2020-02-03 12:43:55,1\0,,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False", DefectReason.NulByte)]
    public void A_faulty_row_is_a_defect_with_a_place(string row, DefectReason reason)
    {
        var defect = Row(row).Defect;
        Assert.Equal(reason, defect.Reason);
        Assert.InRange(defect.Position, 0, row.Length);
    }

    private Parsed Row(string row)
    {
        _format.Parse(Header);
        return _format.Parse(row);
    }

    private Parsed Cut(string time) => Row($"7,{time},1,,192.0.2.58,NO,-,-,1,UA,B,O,m,True,False,False");
}
