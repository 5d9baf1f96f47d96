using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>What a person's word on an event changes, seen in how later ones are judged.</summary>
public sealed class CorrectionTests
{
    private const string Stranger = "198.51.100.66";

    [Fact]
    public async Task Safe_makes_a_challenged_login_known()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Safe);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
        Assert.Contains("same address in 1 login", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saying_it_twice_teaches_once()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Safe);
        await SayAsync(judging, FeedbackLabel.Safe);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.Contains("same address in 1 login", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compromised_unlearns_the_login_and_puts_even_the_own_laptop_at_high_risk()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero) with { Mfa = ["totp"] });
        await SayAsync(judging, FeedbackLabel.Compromised);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)), new Login("42", TimeSpan.FromHours(3)));
        Assert.Contains("new_country", judging.Lines[^2], StringComparison.Ordinal);
        Assert.Contains("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(RiskLevel.High, judging.Assessments[^1].Level);
    }

    [Fact]
    public async Task Without_that_word_the_same_login_would_have_been_known()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero) with { Mfa = ["totp"] }, Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_word_counts()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero) with { Mfa = ["totp"] });
        await SayAsync(judging, FeedbackLabel.Compromised);
        await SayAsync(judging, FeedbackLabel.Safe);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismissed_changes_nothing()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Dismissed);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.Contains("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventKind.ChallengePassed, false)]
    [InlineData(EventKind.PasswordChanged, false)]
    [InlineData(EventKind.Logout, true)]
    public async Task A_challenge_or_a_new_password_from_home_settles_it(EventKind kind, bool stays)
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Compromised);
        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(30), Kind: kind), new Login("42", TimeSpan.FromHours(31)));
        Assert.Equal(stays, judging.Lines[^1].Contains("confirmed_compromise", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_password_by_the_intruder_does_not()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Compromised);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(1)) with { Kind = EventKind.PasswordChanged }, new Login("42", TimeSpan.FromHours(31)));
        Assert.Contains("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compromised_unlearns_the_challenge_that_the_intruder_passed_as_well()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromSeconds(25)) with { Kind = EventKind.ChallengePassed });
        await SayAsync(judging, FeedbackLabel.Compromised);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.Contains("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_that_says_nothing_of_its_place_does_not_settle_it()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Compromised);
        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(30), "", EventKind.PasswordChanged) { Country = "", Asn = 0, DeviceId = "" }, new Login("42", TimeSpan.FromHours(31)));
        Assert.Contains("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Safe_said_again_of_a_login_long_forgotten_counts_nothing()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await judging.SubmitAsync([.. Enumerable.Range(1, 50).Select(i => new Login("42", TimeSpan.FromHours(i)))]);
        for (var i = 0; i < 3; i++) await SayAsync(judging, FeedbackLabel.Safe);
        var view = new RiskEngine.Core.State.StateView();
        view.Profiles.Add(RiskEngine.Core.State.StateKeys.Subject(judging.Store.Hash, default, "42"u8, default));
        await judging.Store.LoadAsync(view, CancellationToken.None);
        Assert.Equal(62u, view.Profiles.Profile(0).Header.Logins);
    }

    [Fact]
    public async Task A_token_called_compromised_makes_its_system_new_again()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Login.ByToken(0, 64500), Login.ByToken(1, 64999));
        var word = judging.Batch(Login.ByToken(1, 64999));
        word[0].Correction = new Correction(FeedbackLabel.Compromised, WasAccepted: true);
        await judging.SubmitAsync(word);
        await judging.SubmitAsync(Login.ByToken(2, 64999));
        Assert.Contains("token_new_network", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismissed_takes_a_wrong_safe_back_and_the_stranger_is_one_again()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        await SayAsync(judging, FeedbackLabel.Safe);
        await SayAsync(judging, FeedbackLabel.Dismissed);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.Contains("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismissed_takes_a_wrong_compromised_back_and_what_the_policy_had_accepted_is_known_again()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero) with { Mfa = ["totp"] });
        await SayAsync(judging, FeedbackLabel.Compromised);
        await SayAsync(judging, FeedbackLabel.Dismissed, wasAccepted: true, wasRejected: true);
        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(1)), Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("confirmed_compromise", judging.Lines[^2], StringComparison.Ordinal);
        Assert.Equal(RiskLevel.None, judging.Assessments[^2].Level);
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismissed_leaves_a_login_that_the_policy_accepted_and_somebody_confirmed()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero) with { Mfa = ["totp"] });
        await SayAsync(judging, FeedbackLabel.Safe, wasAccepted: true);
        await SayAsync(judging, FeedbackLabel.Dismissed, wasAccepted: true);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismissed_of_one_event_leaves_the_word_on_another()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromHours(1)));
        await SayAsync(judging, FeedbackLabel.Compromised);
        var other = judging.Batch(Foreign(TimeSpan.FromHours(1)));
        other[0].Correction = new Correction(FeedbackLabel.Dismissed, WasAccepted: false);
        await judging.SubmitAsync(other);
        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(3)));
        Assert.Contains("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Theory, InlineData(FeedbackLabel.Safe), InlineData(FeedbackLabel.Dismissed)]
    public async Task Taking_the_newer_of_two_words_back_leaves_the_older_one(FeedbackLabel label)
    {
        await using var judging = await Judging.EstablishedAsync();
        var (older, newer) = (Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromHours(1)));
        await judging.SubmitAsync(older, newer);
        await SayAsync(judging, older, new Correction(FeedbackLabel.Compromised, WasAccepted: false));
        await SayAsync(judging, newer, new Correction(FeedbackLabel.Compromised, WasAccepted: false));
        var at = judging.Batch(older)[0].OccurredAt;
        await SayAsync(judging, newer, new Correction(label, WasAccepted: false, WasRejected: true, StillCompromised: at));
        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(3)));
        Assert.Contains("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
        await SayAsync(judging, older, new Correction(FeedbackLabel.Dismissed, WasAccepted: false, WasRejected: true));
        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(4)));
        Assert.DoesNotContain("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismissed_of_the_older_of_two_words_makes_its_login_known_again()
    {
        await using var judging = await Judging.EstablishedAsync();
        var (older, newer) = (Foreign(TimeSpan.Zero) with { Mfa = ["totp"] }, new Login("42", TimeSpan.FromHours(1)));
        await judging.SubmitAsync(older, newer);
        await SayAsync(judging, older, new Correction(FeedbackLabel.Compromised, WasAccepted: true));
        await SayAsync(judging, newer, new Correction(FeedbackLabel.Compromised, WasAccepted: true));
        await SayAsync(judging, older, new Correction(FeedbackLabel.Dismissed, WasAccepted: true, WasRejected: true));
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
        Assert.Contains("confirmed_compromise", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Safe_and_dismissed_leave_what_a_passed_challenge_taught()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero), Foreign(TimeSpan.FromSeconds(25)) with { Kind = EventKind.ChallengePassed });
        await SayAsync(judging, FeedbackLabel.Safe);
        await SayAsync(judging, FeedbackLabel.Dismissed);
        await judging.SubmitAsync(Foreign(TimeSpan.FromHours(2)));
        Assert.DoesNotContain("new_country", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_is_no_event()
    {
        await using var judging = await Judging.EstablishedAsync();
        await judging.SubmitAsync(Foreign(TimeSpan.Zero));
        var lines = judging.Lines.Count;
        await SayAsync(judging, FeedbackLabel.Compromised);
        Assert.Equal(lines, judging.Lines.Count);
        Assert.Equal(13, (await judging.Store.StatisticsAsync(CancellationToken.None)).Events);
    }

    private static Login Foreign(TimeSpan after) => new("42", after, Stranger) { Country = "PT", Asn = 64510, DeviceId = "phone", UserAgent = Login.OtherUserAgent };

    private static Task SayAsync(Judging judging, FeedbackLabel label, bool wasAccepted = false, bool wasRejected = false) =>
        SayAsync(judging, Foreign(TimeSpan.Zero), new Correction(label, wasAccepted, wasRejected));

    private static Task SayAsync(Judging judging, Login login, in Correction word)
    {
        var batch = judging.Batch(login);
        batch[0].Correction = word;
        return judging.SubmitAsync(batch);
    }
}
