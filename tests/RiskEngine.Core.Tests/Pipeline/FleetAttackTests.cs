using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>Attacks on the fleet as a whole, through the engine: what counts, what is committed, what is told.</summary>
public sealed class FleetAttackTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine-fleet-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_spray_is_an_attack_on_the_fleet_from_its_twentieth_name_or_so_and_is_audited_once()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Spray(40)]);
        Assert.Equal(AttackKinds.PasswordSpray, await OpenAsync(judging.Store) & AttackKinds.Attacks);
        var entry = Assert.Single(await AuditAsync(judging.Store, "attack:password_spray"));
        Assert.Equal(("riskengine", "attack_found", "period 1: 17 names within an hour where 0.2 are usual"), (entry.Who, entry.What, entry.Detail));

        await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(5)));
        Assert.Equal(["attack_found", "attack_ended"], (await AuditAsync(judging.Store, "attack:password_spray")).Select(each => each.What));
        Assert.Equal(AttackKinds.None, await OpenAsync(judging.Store));
    }

    [Fact]
    public async Task What_is_found_does_not_depend_on_how_events_are_batched_and_repeats_count_once()
    {
        await using Judging whole = new(), single = new();
        Login[] logins = [.. Spray(60).Select((login, i) => login with { Id = $"s{i}" })];
        await whole.SubmitAsync(logins);
        await whole.SubmitAsync(logins);
        foreach (var login in logins) await single.SubmitAsync(login);
        Assert.Equal(await SeasonAsync(whole.Store), await SeasonAsync(single.Store));
    }

    [Fact]
    public async Task The_end_of_an_attack_is_told_once_whatever_comes_after_it()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Spray(40)]);
        for (var minute = 0; minute < 30; minute++) await judging.SubmitAsync(new Login("42", TimeSpan.FromMinutes(150 + minute), Kind: EventKind.SessionSeen));
        Assert.Equal(["attack_found", "attack_ended"], (await AuditAsync(judging.Store, "attack:password_spray")).Select(each => each.What));
    }

    [Fact]
    public async Task Probes_and_questions_count_nothing()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Spray(60).Select(login => login with { Probe = true })]);
        foreach (var login in Spray(30)) await judging.EvaluateAsync(login);
        Assert.Empty(await SeasonAsync(judging.Store));
    }

    [Fact]
    public async Task A_restart_in_the_midst_of_an_attack_changes_no_bit()
    {
        Login[] logins = [.. Spray(80).Select((login, i) => login with { Id = $"s{i}" })];
        await using (var first = Open("through"))
        {
            await using var judging = new Judging(state: first);
            await judging.SubmitAsync(new Login("42", TimeSpan.FromHours(-1)) { Id = "first" });
        }

        // The same secret, so that the same names have the same hashes.
        File.Copy(PathOf("through"), PathOf("restarted"));
        await using var through = Open("through");
        await using var whole = new Judging(state: through);
        await whole.SubmitAsync(logins[..40]);
        await whole.SubmitAsync(logins[40..]);
        await using (var store = Open("restarted"))
        {
            await using var before = new Judging(state: store);
            await before.SubmitAsync(logins[..40]);
        }

        await using var again = Open("restarted");
        await using var after = new Judging(state: again);
        await after.SubmitAsync(logins[40..]);
        Assert.Equal(AttackKinds.PasswordSpray, await OpenAsync(again) & AttackKinds.Attacks);
        Assert.Equal(await SeasonAsync(through), await SeasonAsync(again));
    }

    [Fact]
    public async Task An_attack_of_a_lost_batch_was_none()
    {
        var store = new FailingStore(new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System));
        await using var judging = new Judging(state: store);
        store.FailNextCommits(2);
        await Assert.ThrowsAsync<StateStoreException>(() => judging.SubmitAsync([.. Spray(60)]));
        Assert.Equal(AttackKinds.None, await OpenAsync(store));
    }

    [Fact]
    public async Task On_the_day_of_a_new_vpn_nobody_is_attacked_and_most_who_mistype_are_vouched_for()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. People(at: day => TimeSpan.FromDays(day - 20), days: 3, address: person => $"203.0.{113 + (person / 200)}.{person % 200}")]);
        await judging.SubmitAsync([.. People(at: _ => TimeSpan.Zero, days: 1, address: person => $"198.51.100.{person % 4}", forgetting: 12)]);
        Assert.Equal(AttackKinds.None, (await SeenAsync(judging.Store)) & AttackKinds.Attacks);
    }

    [Fact]
    public async Task On_a_day_on_which_passwords_end_everybody_fails_at_home_and_nobody_is_attacked()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. People(at: day => TimeSpan.FromDays(day - 20), days: 3, address: person => $"203.0.{113 + (person / 200)}.{person % 200}")]);
        await judging.SubmitAsync([.. People(at: _ => TimeSpan.Zero, days: 1, address: person => $"203.0.{113 + (person / 200)}.{person % 200}", forgetting: 2)]);
        Assert.Equal(AttackKinds.FailureSurge, await SeenAsync(judging.Store));
    }

    [Fact]
    public async Task One_try_from_each_of_many_addresses_is_seen_by_the_fleet_alone()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Enumerable.Range(0, 60).Select(i => new Login($"name{i}", TimeSpan.FromSeconds(20 * i), $"198.{i}.100.7", EventKind.LoginFailed) { DeviceId = "", Asn = 64600u + (uint)i })]);
        Assert.Equal(AttackKinds.NetworkSpray, await OpenAsync(judging.Store) & AttackKinds.Attacks);
        Assert.DoesNotContain(judging.Lines, line => line.Contains("spray", StringComparison.Ordinal));
    }

    private static IEnumerable<Login> Spray(int names) =>
        Enumerable.Range(0, names).Select(i => new Login($"name{i}", TimeSpan.FromSeconds(i), "198.51.100.66", EventKind.LoginFailed) { DeviceId = "" });

    /// <summary>Three hundred people, ten seconds apart, of whom each so many-th fails first.</summary>
    private static IEnumerable<Login> People(Func<int, TimeSpan> at, int days, Func<int, string> address, int forgetting = int.MaxValue)
    {
        for (var day = 0; day < days; day++)
        {
            for (var person = 0; person < 300; person++)
            {
                var login = new Login($"person{person}", at(day) + TimeSpan.FromSeconds(10 * person), address(person)) { DeviceId = "" };
                if ((person + 1) % forgetting == 0) yield return login with { Kind = EventKind.LoginFailed };
                yield return login with { After = login.After + TimeSpan.FromSeconds(5) };
            }
        }
    }

    private SqliteStateStore Open(string name) => SqliteStateStore.Open(new SqliteStoreSettings { Path = PathOf(name) }, TimeProvider.System);

    private string PathOf(string name) => Path.Combine(_folder.FullName, $"{name}.db");

    private static async Task<byte[]> SeasonAsync(IStateStore store)
    {
        var view = new StateView();
        await store.LoadAsync(view, CancellationToken.None);
        return view.Carried.Read(CarriedPart.Season).ToArray();
    }

    private static async Task<FleetMonitor> MonitorAsync(IStateStore store)
    {
        var monitor = new FleetMonitor();
        monitor.Load(await SeasonAsync(store));
        return monitor;
    }

    private static async Task<AttackKinds> OpenAsync(IStateStore store) => (await MonitorAsync(store)).Open;

    private static async Task<AttackKinds> SeenAsync(IStateStore store) => Periods(await MonitorAsync(store)).Aggregate(AttackKinds.None, (kinds, period) => kinds | period.Kind.AsSet());

    private static AttackPeriod[] Periods(FleetMonitor monitor)
    {
        var room = new AttackPeriod[FleetMonitor.MostPeriods];
        return room[..monitor.CopyPeriods(room)];
    }

    private static async Task<List<AuditEntry>> AuditAsync(IRecordStore store, string target) =>
        [.. (await store.ReadAuditAsync(0, 100, CancellationToken.None)).Select(record => record.Entry).Where(entry => entry.Target == target)];
}
