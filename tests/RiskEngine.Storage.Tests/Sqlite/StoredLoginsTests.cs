using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

public sealed class StoredLoginsTests : IDisposable
{
    private static readonly EventTime Noon = new(1_790_000_000_000);

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_stored_comes_back_in_order_while_the_store_is_open_and_after_it()
    {
        await using (var store = SomeSqliteStore.At(File, TimeProvider.System))
        {
            await Work(store).Login("a", Noon).Login("b", Noon + TimeSpan.FromSeconds(1), "7", "2001:db8::1", EventKind.LoginFailed).RunAsync(store);
            Assert.Equal(["a 42 203.0.113.7 Login", "b 7 2001:db8::1 LoginFailed"], Read(null, Describe));
        }

        Assert.Equal(["a 42 203.0.113.7 Login", "b 7 2001:db8::1 LoginFailed"], Read(null, Describe));
    }

    [Fact]
    public async Task What_is_left_of_an_erased_event_is_no_event_to_anybody()
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System);
        await Work(store).Login("a", Noon).Login("b", Noon + TimeSpan.FromSeconds(1), "7").RunAsync(store);
        await store.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), new AuditEntry(0, Noon, "admin", "subject.erase", "", ""), CancellationToken.None);
        using var logins = StoredLogins.Open(File);
        List<string> all = [];
        logins.ReadAll(null, login => all.Add(login.Batch.String(login.Event.Id)), CancellationToken.None);
        Assert.Equal(["b"], all);
    }

    [Fact]
    public async Task An_assessment_comes_back_with_all_that_policies_ask()
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System);
        await Work(store).Login("a", Noon).RunAsync(store);
        var told = Assert.Single(Read(null, login => (
            login.Score, login.Level, login.Action, login.PolicyVersion, login.Degraded, login.Country, login.Asn, login.Rule,
            Signals: string.Join("; ", login.Signals.ToArray().Select(signal => $"{signal.Code} {signal.Contribution} {signal.A} {login.Batch.String(signal.Detail)}")),
            Agent: login.Batch.String(login.Event.UserAgent), Application: login.Batch.String(login.Event.Application))));
        Assert.Equal((87.3812345678901, RiskLevel.Medium, DecisionAction.Challenge, "policy-1", DegradedFacts.Feeds, CountryCode.Parse("DE"), 3320u, "step-up-when-high"),
            (told.Score, told.Level, told.Action, told.PolicyVersion, told.Degraded, told.Country, told.Asn, told.Rule));
        Assert.Equal("ImpossibleTravel 3.9 8917.25 ; FeedHit 2.63 5 ipsum, tor", told.Signals);
        Assert.Equal(("Mozilla/5.0 (X11; Linux x86_64)", "grafana"), (told.Agent, told.Application));
    }

    [Theory, InlineData(2, true), InlineData(1, false)]
    public async Task What_else_was_known_comes_back_and_is_told_to_lack_in_rows_of_older_builds(int version, bool isKept)
    {
        var known = new JudgedFacts
        {
            Traits = JudgedTraits.ServiceAccount | JudgedTraits.DeviceTold | JudgedTraits.SessionTold, Networks = 3, Attacks = 5, Feeds = 2, Logins = 300, LastLogin = Noon.UnixSeconds - 9,
            AddressReputation = -1.2345f, NetworkReputation = 0.5f, AsnReputation = 5, PairReputation = -5,
        };
        await using (var store = SomeSqliteStore.At(File, TimeProvider.System))
        {
            var work = Work(store).Login("a", Noon);
            ref var login = ref work.Batch[0];
            (login.ServiceAccount, login.KnownDevice, login.Session, login.RoundTripMilliseconds) = (true, false, 77, 0);
            login.Reason = work.Batch.Append("expired"u8);
            login.Groups = new SliceRange(work.Batch.ListCount, 2);
            work.Batch.AppendToList(work.Batch.Append("finance"u8));
            work.Batch.AppendToList(work.Batch.Append("admins"u8));
            await work.LoadAsync(store);
            work.Judge().Effects[0].Known = known;
            await store.CommitAsync(work.Effects, CancellationToken.None);
        }

        // The form of a row but for what stands at its end.
        using (var database = SqliteDatabase.OpenForWriting(File)) database.Execute("UPDATE events SET body = CAST(? || substr(body, 2) AS BLOB)", new byte[] { (byte)version });
        var told = Assert.Single(Read(null, login => (
            login.Known, login.Event.ServiceAccount, login.Event.KnownDevice, login.Event.RoundTripMilliseconds, Reason: login.Batch.String(login.Event.Reason),
            Groups: string.Join(",", login.Batch.List(login.Event.Groups).ToArray().Select(login.Batch.String)), Factors: login.Event.Mfa.Count, HasSession: login.Event.Session != 0)));
        Assert.Equal(isKept ? (known, true, false, 0, "expired", "finance,admins", 0, true) : (null, false, null, -1, "", "", 0, false), told);
    }

    [Theory, InlineData(1, 1 << 20), InlineData(1, 1), InlineData(1_000_000, 1)]
    public async Task The_first_accepted_login_of_a_subject_is_known_from_its_profile_a_run_or_the_journal(int journalLength, int smallestRun)
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System, journalLength: journalLength, smallestRun: smallestRun);
        await Work(store).Login("a", Noon).RunAsync(store);
        await Work(store).Login("b", Noon + TimeSpan.FromDays(1)).RunAsync(store);
        Assert.Equal([Noon.UnixSeconds, Noon.UnixSeconds], Read(null, login => login.FirstLogin));
    }

    [Theory, InlineData(0, 1), InlineData(1, 0), InlineData(-86_400_000, 2)]
    public async Task Since_is_by_event_time_and_takes_its_own_moment_in(int milliseconds, int expected)
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System);
        await Work(store).Login("a", Noon - TimeSpan.FromDays(1)).Login("b", Noon).RunAsync(store);
        Assert.Equal(expected, Read(new EventTime(Noon.UnixMilliseconds + milliseconds), Describe).Count);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_and_not_made()
    {
        var told = Assert.Throws<StateStoreException>(() => StoredLogins.Open(File));
        Assert.Contains("is not there", told.Message);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_file_of_something_else_is_refused_and_left_as_it_is()
    {
        System.IO.File.WriteAllText(File, "no store");
        Assert.Throws<StateStoreException>(() => StoredLogins.Open(File));
        Assert.Equal("no store", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public async Task A_damaged_event_is_counted_and_passed_over()
    {
        await using (var store = SomeSqliteStore.At(File, TimeProvider.System)) await Work(store).Login("a", Noon).Login("b", Noon).RunAsync(store);
        using (var database = SqliteDatabase.OpenForWriting(File)) database.Execute("UPDATE events SET body = substr(body, 1, 40) WHERE seq = (SELECT min(seq) FROM events)");
        using var logins = StoredLogins.Open(File);
        List<string> read = [];
        logins.Read(null, login => read.Add(login.Batch.String(login.Event.Id)), CancellationToken.None);
        Assert.Equal((1, "b"), (logins.Damaged, Assert.Single(read)));
    }

    [Fact]
    public async Task Risky_events_are_those_of_at_least_low_risk()
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System);
        foreach (var (id, level) in new[] { ("none", RiskLevel.None), ("low", RiskLevel.Low), ("high", RiskLevel.High) })
        {
            var work = await Work(store).Login(id, Noon).LoadAsync(store);
            await store.CommitAsync(work.Judge(level).Effects, CancellationToken.None);
        }

        using var logins = StoredLogins.Open(File);
        List<string> read = [];
        logins.ReadRisky(Noon, login => read.Add(login.Batch.String(login.Event.Id)), CancellationToken.None);
        Assert.Equal(["low", "high"], read);
    }

    [Fact]
    public async Task Risky_events_are_read_without_looking_at_the_others_also_in_a_file_of_the_version_before()
    {
        await SomeSqliteStore.At(File, TimeProvider.System).DisposeAsync();
        Assert.Equal(["events_of_low_risk", "events_of_risk"], IndexesOfRiskyEvents());
        using (var database = SqliteDatabase.OpenForWriting(File)) database.Execute("DROP INDEX events_of_low_risk; PRAGMA user_version = 12");
        await SomeSqliteStore.At(File, TimeProvider.System).DisposeAsync();
        Assert.Equal(["events_of_low_risk", "events_of_risk"], IndexesOfRiskyEvents());
    }

    [Fact]
    public async Task All_events_are_read_with_what_was_enforced_and_nothing_of_the_one_before()
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System);
        var work = await Work(store).Login("judged", Noon).Login("kept", Noon, kind: EventKind.Logout).LoadAsync(store);
        work.Judge().Effects[0].Enforced = true;
        await store.CommitAsync(work.Effects, CancellationToken.None);

        using var logins = StoredLogins.Open(File);
        List<(string, bool, bool, RiskLevel, DecisionAction, int)> read = [];
        logins.ReadAll(null, login => read.Add((login.Batch.String(login.Event.Id), login.Judged, login.Enforced, login.Level, login.Action, login.SignalCount)), CancellationToken.None);
        Assert.Equal([("judged", true, true, RiskLevel.Medium, DecisionAction.Challenge, 2), ("kept", false, false, RiskLevel.None, DecisionAction.Allow, 0)], read);
    }

    [Fact]
    public async Task The_hash_is_that_of_the_store()
    {
        await using var store = SomeSqliteStore.At(File, TimeProvider.System);
        using var logins = StoredLogins.Open(File);
        Assert.Equal(store.Hash.Hash("jane"u8), logins.Hash().Hash("jane"u8));
    }

    /// <summary>What is looked into for events of at least low risk; a table that is gone through is named too.</summary>
    private IEnumerable<string> IndexesOfRiskyEvents()
    {
        using var database = SqliteDatabase.OpenForReading(File);
        return
        [
            .. database.Query("EXPLAIN QUERY PLAN " + StoredLogins.SelectRisky, row => row.Text(3), 1)
                .Where(step => step.Contains(" events ", StringComparison.Ordinal)).Select(step => step.Replace("SEARCH events USING INDEX ", "", StringComparison.Ordinal).Replace(" (seq>?)", "", StringComparison.Ordinal)).Order(),
        ];
    }

    private static UnitOfWork Work(IStateStore store) => new(store.Hash);

    private static string Describe(StoredLogin login) => $"{login.Batch.String(login.Event.Id)} {login.Batch.String(login.Event.SubjectId)} {login.Event.SourceIp} {login.Event.Kind}";

    private List<T> Read<T>(EventTime? since, Func<StoredLogin, T> take)
    {
        using var logins = StoredLogins.Open(File);
        List<T> read = [];
        logins.Read(since, login => read.Add(take(login)), CancellationToken.None);
        return read;
    }
}
