using System.Buffers.Text;
using RiskEngine.Core.Events;
using RiskEngine.Responders.People;

namespace RiskEngine.Responders.Tests.People;

public sealed class ReportLinksTests
{
    private static readonly ReportClaim Claim = new("default", "e1", 42, EventTime.From(new DateTimeOffset(2026, 11, 28, 20, 15, 0, TimeSpan.Zero)));

    private readonly ReportLinks _links = new(new KeyedHash("a key for testing"u8[..16]));

    [Fact]
    public void A_link_says_what_it_was_made_for_and_begins_with_the_public_address()
    {
        var link = _links.Link(new Uri("https://risk.example.org/base/"), Claim)!;
        Assert.StartsWith("https://risk.example.org/base/not-me/", link.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(Claim, _links.Read(link.Segments[^1]));
    }

    [Theory, InlineData("default", "a-0/%&\u00fc"), InlineData("t\u00e9nant", "x"), InlineData("", "\"<script>")]
    public void Ids_and_tenants_of_any_letters_come_back(string tenant, string id) =>
        Assert.Equal((tenant, id), _links.Read(_links.Sign(Claim with { Tenant = tenant, EventId = id })!) is { } read ? (read.Tenant, read.EventId) : default);

    [Fact]
    public void A_token_with_any_byte_changed_cut_or_added_is_none()
    {
        var token = Base64Url.DecodeFromChars(_links.Sign(Claim)!);
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token.ToArray();
            changed[i] ^= 1;
            Assert.Null(_links.Read(Base64Url.EncodeToString(changed)));
            Assert.Null(_links.Read(Base64Url.EncodeToString(token.AsSpan(0, i))));
        }

        Assert.Null(_links.Read(Base64Url.EncodeToString([.. token, 0])));
    }

    [Theory, InlineData(""), InlineData("%"), InlineData("AA"), InlineData("../../etc/passwd")]
    public void What_is_no_token_is_none(string token) => Assert.Null(_links.Read(token));

    [Fact]
    public void Another_stores_links_count_for_nothing_and_two_events_never_share_one()
    {
        Assert.Null(new ReportLinks(new KeyedHash("another for test"u8)).Read(_links.Sign(Claim)!));
        Assert.NotEqual(_links.Sign(Claim with { Tenant = "ab", EventId = "c" }), _links.Sign(Claim with { Tenant = "a", EventId = "bc" }));
    }

    [Fact]
    public void An_id_too_long_for_a_link_has_none()
    {
        Assert.Null(_links.Sign(Claim with { EventId = new string('x', ReportLinks.LongestToken) }));
        Assert.Null(_links.Read(new string('A', ReportLinks.LongestToken + 1)));
    }
}
