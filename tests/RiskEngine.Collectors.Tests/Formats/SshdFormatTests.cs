using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class SshdFormatTests
{
    private readonly SshdFormat _format = new(Some.Context);

    [Theory]
    [InlineData("Failed password for root from 203.0.113.9 port 4242 ssh2", "root", "password", "203.0.113.9", EventKind.LoginFailed)]
    [InlineData("Failed publickey for jane from 2001:db8::9 port 1 ssh2: RSA SHA256:abc", "jane", "publickey", "2001:db8::9", EventKind.LoginFailed)]
    [InlineData("Failed keyboard-interactive/pam for jane from 203.0.113.9 port 1 ssh2 [preauth]", "jane", "keyboard-interactive/pam", "203.0.113.9", EventKind.LoginFailed)]
    [InlineData("Accepted publickey for jane from 203.0.113.9 port 1 ssh2: ED25519 SHA256:abc", "jane", "publickey", "203.0.113.9", EventKind.Login)]
    [InlineData("Accepted publickey for jane from 203.0.113.9 port 1 ssh2: RSA-CERT SHA256:a ID jane@desk (serial 0) CA RSA SHA256:b", "jane", "publickey", "203.0.113.9", EventKind.Login)]
    [InlineData("Accepted gssapi-with-mic for jane from 203.0.113.9 port 1 ssh2: jane@EXAMPLE.ORG", "jane", "gssapi-with-mic", "203.0.113.9", EventKind.Login)]
    [InlineData("Failed password for root from fe80::1%eth0 port 4242 ssh2", "root", "password", "fe80::1", EventKind.LoginFailed)]
    [InlineData("Failed password for root from host.example.org port 4242 ssh2", "root", "password", "", EventKind.LoginFailed)]
    public void An_attempt_tells_name_method_and_address(string message, string name, string method, string address, EventKind kind)
    {
        var parsed = _format.Parse("Nov 20 10:00:00 host sshd[77]: " + message);
        Assert.Equal((name, method, address, kind), (parsed.Text(x => x.SubjectName), parsed.Text(x => x.AuthMethod), parsed.Event.SourceIp.ToString(), parsed.Event.Kind));
        Assert.Equal("sshd", parsed.Text(x => x.Application));
    }

    [Theory]
    [InlineData("Failed password for invalid user admin from 203.0.113.9 port 4242 ssh2", "admin")]
    [InlineData("Failed password for invalid user a b from 203.0.113.9 port 4242 ssh2", "a b")]
    [InlineData("Failed password for invalid user x from 198.51.100.1 port 22 ssh2 from 203.0.113.9 port 4242 ssh2", "x from 198.51.100.1 port 22 ssh2")]
    [InlineData("Failed password for invalid user  from 203.0.113.9 port 4242 ssh2", "203.0.113.9")]
    public void A_name_cannot_forge_the_address_and_is_hashed_if_it_does_not_exist(string message, string name)
    {
        var parsed = _format.Parse("Nov 20 10:00:00 host sshd[77]: " + message);
        Assert.Equal("203.0.113.9", parsed.Event.SourceIp.ToString());
        Assert.True(parsed.Event.SubjectIsUnknown);
        var batch = new EventBatch();
        Assert.Equal(batch.String(batch.AppendUnknownName(Some.Hash, System.Text.Encoding.UTF8.GetBytes(name))), parsed.Text(x => x.SubjectName));
    }

    [Theory]
    [InlineData("ID x from 198.51.100.1 port 5 ssh2: (serial 0) CA RSA SHA256:b")]
    [InlineData("ID x from 198.51.100.1 port 5 ssh2: RSA-CERT y (serial 0) CA RSA SHA256:b")]
    public void A_certificate_that_imitates_a_line_makes_the_address_unknown_and_not_another(string id)
    {
        var parsed = _format.Parse("Nov 20 10:00:00 host sshd[77]: Failed publickey for root from 203.0.113.9 port 1 ssh2: RSA-CERT SHA256:a " + id);
        Assert.Equal(("root", true), (parsed.Text(x => x.SubjectName), parsed.Event.SourceIp.IsUnknown));
    }

    [Theory]
    [InlineData("Invalid user admin from 203.0.113.9 port 4242")]
    [InlineData("Failed none for invalid user admin from 203.0.113.9 port 4242 ssh2")]
    [InlineData("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root")]
    [InlineData("Received disconnect from 203.0.113.9 port 4242:11: Bye Bye [preauth]")]
    [InlineData("Connection closed by 203.0.113.9 port 4242 [preauth]")]
    [InlineData("Server listening on 0.0.0.0 port 22.")]
    [InlineData("")]
    public void Lines_that_repeat_or_announce_an_attempt_give_nothing(string message) =>
        Assert.Equal(ParseResult.Nothing, _format.Parse("Nov 20 10:00:00 host sshd[77]: " + message).Result);

    [Fact]
    public void A_connection_that_ends_without_having_told_of_a_failure_is_one()
    {
        Assert.Equal(0, Line(1, "Invalid user admin from 203.0.113.9 port 4242").Result.Added);
        var parsed = Line(1, "Connection closed by invalid user admin 203.0.113.9 port 4242 [preauth]");
        Assert.Equal((EventKind.LoginFailed, "203.0.113.9", true), (parsed.Event.Kind, parsed.Event.SourceIp.ToString(), parsed.Event.SubjectIsUnknown));
        Assert.Equal("root", Line(2, "Disconnected from authenticating user root 203.0.113.9 port 4242 [preauth]").Text(x => x.SubjectName));
        Assert.Equal("root", Line(3, "error: maximum authentication attempts exceeded for root from 203.0.113.9 port 4242 ssh2 [preauth]").Text(x => x.SubjectName));
    }

    [Fact]
    public void An_attempt_that_leaves_five_lines_is_counted_once()
    {
        var added = Line(9, "Invalid user admin from 203.0.113.9 port 4242").Result.Added
            + Line(9, "pam_unix(sshd:auth): check pass; user unknown").Result.Added
            + Line(9, "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9").Result.Added
            + Line(9, "Failed password for invalid user admin from 203.0.113.9 port 4242 ssh2").Result.Added
            + Line(9, "Connection closed by invalid user admin 203.0.113.9 port 4242 [preauth]").Result.Added;
        Assert.Equal(1, added);
    }

    [Fact]
    public void A_process_number_used_again_later_is_another_connection()
    {
        _format.Parse("Nov 20 10:00:00 host sshd[5]: Failed password for root from 203.0.113.9 port 4242 ssh2");
        Assert.Equal(1, _format.Parse("Nov 20 11:00:00 host sshd[5]: Connection closed by authenticating user root 203.0.113.9 port 1 [preauth]").Result.Added);
    }

    [Theory]
    [InlineData("1", 1, DefectReason.None)]
    [InlineData("3", 3, DefectReason.None)]
    [InlineData("10000", SshdFormat.RepeatLimit, DefectReason.None)]
    [InlineData("10001", SshdFormat.RepeatLimit, DefectReason.BadNumber)]
    [InlineData("999999999", SshdFormat.RepeatLimit, DefectReason.BadNumber)]
    [InlineData("99999999999999999999", SshdFormat.RepeatLimit, DefectReason.BadNumber)]
    [InlineData("0", 0, DefectReason.BadNumber)]
    [InlineData("-2", 0, DefectReason.BadNumber)]
    [InlineData("two", 0, DefectReason.BadNumber)]
    public void A_repeated_message_is_as_many_events_and_a_number_that_is_not_believed_is_told(string times, int events, DefectReason told)
    {
        var parsed = Line(1, $"message repeated {times} times: [ Failed password for root from 203.0.113.9 port 4242 ssh2]");
        Assert.Equal((events, events, told), (parsed.Result.Added, parsed.Batch.Count, parsed.Defect.Reason));
        Assert.Equal(events, parsed.Batch.Events.ToArray().Select(x => parsed.Batch.String(x.Id)).Distinct().Count());
    }

    [Fact]
    public void A_repeated_message_about_something_else_gives_nothing_however_often() =>
        Assert.Equal(ParseResult.Nothing, Line(1, "message repeated -2 times: [ Server listening on 0.0.0.0 port 22.]").Result);

    [Fact]
    public void Old_servers_are_heard_through_pam_until_they_speak_themselves()
    {
        const string Pam = "Nov 20 10:00:00 host sshd(pam_unix)[5]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=203.0.113.9  user=root";
        var parsed = _format.Parse(Pam);
        Assert.Equal(("root", "203.0.113.9", "pam"), (parsed.Text(x => x.SubjectName), parsed.Event.SourceIp.ToString(), parsed.Text(x => x.AuthMethod)));
        Assert.True(_format.Parse(Pam[..Pam.IndexOf("  user", StringComparison.Ordinal)] + " ").Event.SubjectIsUnknown);
        Line(6, "Failed password for root from 203.0.113.9 port 4242 ssh2");
        Assert.Equal(ParseResult.Nothing, _format.Parse(Pam).Result);
    }

    [Theory]
    [InlineData("Nov 20 10:00:00 host sshd[1]: ", "2026-11-20T10:00:00.000Z")]
    [InlineData("Nov  3 10:00:00 host sshd[1]: ", "2026-11-03T10:00:00.000Z")]
    [InlineData("<38>Nov 20 10:00:00 host sshd-session[1]: ", "2026-11-20T10:00:00.000Z")]
    [InlineData("2026-06-14T15:16:01.123456+02:00 host sshd[1]: ", "2026-06-14T13:16:01.123Z")]
    [InlineData("Nov 21 21:09:00 host sshd[1]: ", "2026-11-21T21:09:00.000Z")]
    [InlineData("Nov 22 21:11:00 host sshd[1]: ", "2025-11-22T21:11:00.000Z")]
    [InlineData("Dec 31 10:00:00 host sshd[1]: ", "2025-12-31T10:00:00.000Z")]
    [InlineData("Feb 29 10:00:00 host sshd[1]: ", "2024-02-29T10:00:00.000Z")]
    public void A_line_without_a_year_is_of_the_latest_that_is_not_the_future(string start, string time) =>
        Assert.Equal(time, _format.Parse(start + "Failed password for root from 203.0.113.9 port 4242 ssh2").Event.OccurredAt.ToString());

    [Fact]
    public void A_line_in_the_time_of_a_zone_further_east_is_refused_and_not_taken_for_one_of_last_year() =>
        Assert.Equal(DefectReason.InFuture, _format.Parse("Nov 21 23:00:00 host sshd[1]: Failed password for root from 203.0.113.9 port 4242 ssh2").Defect.Reason);

    /// <summary>It is 21:00 UTC: at +02:00 that is 23:00, and 23:09 is within what clocks may differ, 23:11 is not.</summary>
    [Theory]
    [InlineData("+02:00", "Nov 21 23:00:00", "2026-11-21T21:00:00.000Z")]
    [InlineData("+02:00", "Nov 21 23:09:00", "2026-11-21T21:09:00.000Z")]
    [InlineData("+14:00", "Nov 22 11:00:00", "2026-11-21T21:00:00.000Z")]
    [InlineData("-05:00", "Nov 21 16:00:00", "2026-11-21T21:00:00.000Z")]
    [InlineData("-03:30", "Nov 21 00:15:00", "2026-11-21T03:45:00.000Z")]
    [InlineData("+02:00", "Jan  1 01:00:00", "2025-12-31T23:00:00.000Z")]
    [InlineData("+02:00", "2026-11-21T20:00:00Z", "2026-11-21T20:00:00.000Z")]
    public void A_line_without_an_offset_is_in_the_zone_given(string offset, string start, string time) =>
        Assert.Equal(time, InZone(Zone(offset), start).Event.OccurredAt.ToString());

    [Theory, InlineData("+02:00", "Nov 21 23:11:00"), InlineData("-05:00", "Nov 21 16:11:00"), InlineData("+00:00", "Nov 21 21:11:00")]
    public void In_any_zone_the_future_is_refused(string offset, string start) => Assert.Equal(DefectReason.InFuture, InZone(Zone(offset), start).Defect.Reason);

    /// <summary>One hour ahead, two in summer: from the last Sunday of March, 2:00, to that of October, 3:00.</summary>
    [Theory]
    [InlineData("Mar 29 01:59:59", "2026-03-29T00:59:59.000Z")]
    [InlineData("Mar 29 03:00:00", "2026-03-29T01:00:00.000Z")]
    [InlineData("Jul  1 12:00:00", "2026-07-01T10:00:00.000Z")]
    [InlineData("Oct 25 01:59:59", "2026-10-24T23:59:59.000Z")]
    [InlineData("Oct 25 02:30:00", "2026-10-25T00:30:00.000Z")]
    [InlineData("Oct 25 03:00:00", "2026-10-25T02:00:00.000Z")]
    public void A_zone_with_summer_time_is_followed_and_the_hour_that_comes_twice_is_the_first(string start, string time) =>
        Assert.Equal(time, InZone(SummerZone, start).Event.OccurredAt.ToString());

    [Fact]
    public void A_file_is_dated_by_its_last_change()
    {
        var format = new SshdFormat(Some.Context with { NotAfter = new DateTimeOffset(2005, 7, 28, 0, 0, 0, TimeSpan.Zero) });
        Assert.Equal(2005, format.Parse("Jun 14 15:16:01 h sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2").Event.OccurredAt.ToDateTimeOffset().Year);
    }

    [Fact]
    public void A_given_year_moves_on_with_the_months()
    {
        var format = new SshdFormat(Some.Context with { Year = 2023 });
        int Year(string day) => format.Parse(day + " 15:16:01 h sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2").Event.OccurredAt.ToDateTimeOffset().Year;
        Assert.Equal([2023, 2024, 2023, 2024, 2024], [Year("Dec 31"), Year("Jan  1"), Year("Dec 31"), Year("Jan  1"), Year("Feb 29")]);
    }

    [Theory]
    [InlineData("no syslog at all", DefectReason.Unrecognised)]
    [InlineData("Nov 31 10:00:00 host sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2", DefectReason.BadTime)]
    [InlineData("1970-01-01T00:00:00Z host sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2", DefectReason.BadTime)]
    [InlineData("2100-01-01T00:00:00Z host sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2", DefectReason.InFuture)]
    [InlineData("Nov 20 10:00:00 host sshd[1]: Failed password for \0 from 203.0.113.9 port 1 ssh2", DefectReason.NulByte)]
    public void A_faulty_line_is_a_defect(string line, DefectReason reason) => Assert.Equal(reason, _format.Parse(line).Defect.Reason);

    [Fact]
    public void A_name_beyond_256_bytes_is_too_long() =>
        Assert.Equal(DefectReason.FieldTooLong, Line(1, $"Failed password for invalid user {new string('a', 300)} from 203.0.113.9 port 1 ssh2").Defect.Reason);

    [Theory, InlineData("Nov 20 10:00:00 host cron[1]: hello"), InlineData("Nov 20 10:00:00 host -- MARK --"), InlineData("Nov 20 10:00:00 host last message repeated 2 times"), InlineData("")]
    public void Lines_of_others_give_nothing(string line) => Assert.Equal(ParseResult.Nothing, _format.Parse(line).Result);

    private static TimeZoneInfo Zone(string offset) => UtcOffset.TryParse(offset, out var parsed) ? parsed.ToZone() : throw new FormatException(offset);

    private static TimeZoneInfo SummerZone => TimeZoneInfo.CreateCustomTimeZone("summer", TimeSpan.FromHours(1), "summer", "winter", "summer",
    [
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(2000, 1, 1), new DateTime(2100, 1, 1), TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
    ]);

    private static Parsed InZone(TimeZoneInfo zone, string start) =>
        new SshdFormat(Some.Context with { Zone = zone }).Parse($"{start} host sshd[1]: Failed password for root from 203.0.113.9 port 4242 ssh2");

    private Parsed Line(int process, string message) => _format.Parse($"Nov 20 10:00:00 host sshd[{process}]: {message}");
}
