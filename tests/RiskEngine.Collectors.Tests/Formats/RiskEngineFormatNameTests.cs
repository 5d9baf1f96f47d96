using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.Formats;

/// <summary>Names in canonical events that are no accounts, and accounts that look like such names.</summary>
public sealed class RiskEngineFormatNameTests
{
    private readonly RiskEngineFormat _format = new(Some.Context);

    [Theory]
    [InlineData("~abc", "~~abc")]
    [InlineData("~0123456789abcdef0123456789abcdef", "~~0123456789abcdef0123456789abcdef")]
    [InlineData("~~abc", "~~~abc")]
    [InlineData("a~bc", "a~bc")]
    public void An_account_is_never_taken_for_a_name_that_does_not_exist(string given, string kept)
    {
        var parsed = _format.Parse($$"""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":"{{given}}","name":"{{given}}"} }""");
        Assert.Equal((kept, kept), (parsed.Text(x => x.SubjectId), parsed.Text(x => x.SubjectName)));
        Assert.False(Pseudonyms.IsPseudonym(parsed.Batch.Text(parsed.Event.SubjectName)));
    }

    [Theory, InlineData("unknown_user"), InlineData("invalid_user"), InlineData("user_not_found")]
    public void A_name_that_does_not_exist_is_kept_only_as_a_hash(string reason)
    {
        var parsed = _format.Parse($$"""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"hunter2"},"reason":"{{reason}}"}""");
        Assert.True(parsed.Event.SubjectIsUnknown);
        Assert.Matches("^~[0-9a-f]{32}$", parsed.Text(x => x.SubjectName));
        Assert.DoesNotContain("hunter2", parsed.Batch.String(new Slice(0, parsed.Batch.TextLength)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_with_an_id_exists_whatever_the_reason_says()
    {
        var parsed = _format.Parse("""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"id":"42","name":"jane"},"reason":"invalid_user"}""");
        Assert.Equal((false, "jane"), (parsed.Event.SubjectIsUnknown, parsed.Text(x => x.SubjectName)));
    }

    [Fact]
    public void A_hashed_name_that_comes_in_again_stays_as_it_is()
    {
        const string Name = "~0123456789abcdef0123456789abcdef";
        var parsed = _format.Parse($$"""{"occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"{{Name}}"},"reason":"unknown_user"}""");
        Assert.Equal(Name, parsed.Text(x => x.SubjectName));
    }
}
