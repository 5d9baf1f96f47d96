using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using Xunit;

namespace RiskEngine.Testing;

/// <summary>What every <see cref="IChallengeStore"/> owes.</summary>
public abstract class ChallengeContract : StoreContract
{
    protected static readonly AuditEntry Audit = new(0, Now, "admin", "did", "something", "");

    protected static readonly IReadOnlyDictionary<int, long> NoLogins = new Dictionary<int, long>();

    [Fact]
    public async Task A_challenge_comes_back_while_it_is_open_and_is_counted_by_what_became_of_it()
    {
        var open = Issued(1) with { HasFailed = true, Request = 7, Pair = (8, 9), Event = 10 };
        await SaveAsync(open, Issued(2), Issued(3, ChallengeOrigin.Seen));
        await SaveAsync(Issued(2) with { Outcome = ChallengeOutcome.Passed }, Issued(3, ChallengeOrigin.Seen) with { Outcome = ChallengeOutcome.Abandoned });
        Assert.Equal([open], await Records.Challenges.ReadOpenAsync(CancellationToken.None));
        Assert.Equal(
            [
                new(ChallengeOrigin.Asked, ChallengeOutcome.Open, null, 1), new(ChallengeOrigin.Asked, ChallengeOutcome.Passed, null, 1),
                new(ChallengeOrigin.Seen, ChallengeOutcome.Abandoned, null, 1),
            ],
            (await CountAsync()).Challenges);
    }

    [Fact]
    public async Task Logins_add_up_by_day_and_what_was_before_the_day_is_not_counted()
    {
        var today = Now.UnixDays;
        Assert.Null((await CountAsync()).FirstDay);
        await Records.Challenges.SaveAsync([Issued(1) with { IssuedAt = Now - TimeSpan.FromDays(2) }], new Dictionary<int, long> { [today - 3] = 5, [today] = 2 }, CancellationToken.None);
        await Records.Challenges.SaveAsync([Issued(2)], new Dictionary<int, long> { [today] = 3 }, CancellationToken.None);
        var counts = await CountAsync();
        Assert.Equal((5, 1L, today - 3), (counts.Logins, counts.Challenges.Sum(each => each.Count), counts.FirstDay));
        Assert.Equal((10, 2L), ((await Records.Challenges.CountAsync(today - 3, CancellationToken.None)).Logins, (await Records.Challenges.CountAsync(today - 3, CancellationToken.None)).Challenges.Sum(each => each.Count)));
    }

    [Fact]
    public async Task Challenges_and_logins_among_the_effects_of_a_batch_are_stored_with_it()
    {
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        work.Effects.Challenges.AddRange([Issued(1), Issued(2), Issued(2) with { Outcome = ChallengeOutcome.Passed }]);
        work.Effects.LoginDays[Now.UnixDays] = 3;
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        Assert.Equal([Issued(1)], await Records.Challenges.ReadOpenAsync(CancellationToken.None));
        var counts = await CountAsync();
        Assert.Equal((3, 2L), (counts.Logins, counts.Challenges.Sum(each => each.Count)));
    }

    [Fact]
    public async Task What_became_of_one_stays_whatever_is_saved_later()
    {
        await SaveAsync(Issued(1) with { Outcome = ChallengeOutcome.Passed });
        await SaveAsync(Issued(1));
        await SaveAsync(Issued(1) with { Outcome = ChallengeOutcome.Abandoned });
        Assert.Equal(ChallengeOutcome.Passed, Assert.Single((await CountAsync()).Challenges).Outcome);
    }

    [Fact]
    public async Task The_last_word_on_its_event_is_noted_on_a_challenge_and_stays_when_it_is_saved_again()
    {
        await Work().Login("a", Now).Login("b", Now).RunAsync(Store);
        var passed = Issued(1) with { Outcome = ChallengeOutcome.Passed, Event = EventKey("a") };
        await SaveAsync(passed);
        await SayAsync("a", FeedbackLabel.Safe);
        await SayAsync("b", FeedbackLabel.Compromised);
        await SaveAsync(passed);
        var counts = await CountAsync();
        Assert.Equal([new ChallengeCount(ChallengeOrigin.Asked, ChallengeOutcome.Passed, FeedbackLabel.Safe, 1)], counts.Challenges);
        Assert.Equal(1, counts.Compromised);

        await SayAsync("a", FeedbackLabel.Compromised);
        Assert.Equal((FeedbackLabel.Compromised, 2L), ((await CountAsync()).Challenges[0].Label, (await CountAsync()).Compromised));
        await SayAsync("a", FeedbackLabel.Dismissed);
        Assert.Equal((null, 1L), ((await CountAsync()).Challenges[0].Label, (await CountAsync()).Compromised));
    }

    [Fact]
    public async Task A_person_may_say_once_what_is_said_once_whatever_others_say_after()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var word = new Feedback("default", "a", FeedbackLabel.Compromised, "", "person via link", Now);
        Assert.True(await Records.AddFeedbackOnceAsync(word, Audit, CancellationToken.None));
        Assert.False(await Records.AddFeedbackOnceAsync(word, Audit, CancellationToken.None));
        await SayAsync("a", FeedbackLabel.Dismissed);
        Assert.False(await Records.AddFeedbackOnceAsync(word, Audit, CancellationToken.None));
        Assert.False(await Records.AddFeedbackOnceAsync(word with { EventId = "nowhere" }, Audit, CancellationToken.None));
        Assert.Equal(FeedbackLabel.Dismissed, (await Records.FindFeedbackAsync("default", ["a"], CancellationToken.None))["a"].Label);
        Assert.Equal(2, (await Records.ReadAuditAsync(0, 10, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Of_an_erased_subject_a_count_is_left_that_no_word_and_no_request_leads_to()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var subject = SubjectHandle.Of(Store.Hash, "default", "42");
        await SaveAsync(Issued(1) with { Subject = subject, Request = 7, Pair = (8, 9), Event = EventKey("a") }, Issued(2) with { Subject = 5, Event = 6 });
        var report = await Records.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Audit, CancellationToken.None);
        Assert.Contains(subject, report.Handles);
        Assert.Equal([Issued(1), Issued(2) with { Subject = 5, Event = 6 }], (await Records.Challenges.ReadOpenAsync(CancellationToken.None)).OrderBy(each => each.Id));
    }

    protected static Challenge Issued(long id, ChallengeOrigin origin = ChallengeOrigin.Asked) => new() { Id = id, IssuedAt = Now, Origin = origin };

    protected UInt128 EventKey(string id) => StateKeys.Event(Store.Hash, default, System.Text.Encoding.UTF8.GetBytes(id));

    protected async Task SaveAsync(params Challenge[] challenges) => await Records.Challenges.SaveAsync(challenges, NoLogins, CancellationToken.None);

    protected async Task SayAsync(string id, FeedbackLabel label) =>
        Assert.True(await Records.AddFeedbackAsync(new Feedback("default", id, label, "", "admin", Now), Audit, CancellationToken.None));

    protected async Task<ChallengeCounts> CountAsync() => await Records.Challenges.CountAsync(Now.UnixDays, CancellationToken.None);
}
