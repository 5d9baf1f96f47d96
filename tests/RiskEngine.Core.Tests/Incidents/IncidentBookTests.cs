using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

public sealed class IncidentBookTests
{
    private readonly IncidentBook _book = new(new IncidentSettings());

    [Fact]
    public void A_spray_that_walks_through_a_network_and_then_a_provider_is_one_incident()
    {
        Add(Told.Spray(0, "a"), Told.Spray(1, "b", "203.0.113.200"), Told.Spray(2, "c", "198.51.100.1"));
        var incident = Assert.Single(_book.Open);
        Assert.Equal((IncidentKind.PasswordSpray, 3L, 3L, 2L), (incident.Kind, incident.Events, incident.Addresses.Distinct.Count, incident.Networks.Distinct.Count));
    }

    [Fact]
    public void Sprays_of_two_providers_are_two()
    {
        Add(Told.Spray(0), Told.Spray(0, address: "198.51.100.1", asn: 64501));
        Assert.Equal(2, _book.Open.Count);
    }

    [Fact]
    public void Who_gets_in_from_a_spraying_address_is_hit_by_the_spray_and_what_follows_elsewhere_is_part_of_it()
    {
        Add(Told.Spray(0, "ann"), Told.Spray(0.1, "bob"), Told.Login(0.2, "bob"), Told.NewFactor(0.5, "bob", "192.0.2.1"));
        var incident = Assert.Single(_book.Open);
        var hit = Assert.Single(incident.Hit);
        Assert.Equal(("bob", IncidentKind.Takeover, 2L, true), (hit.Subject, hit.Kind, hit.Events, hit.Persists));
        Assert.Equal((IncidentKind.PasswordSpray, IncidentSeverity.Critical), (incident.Kind, incident.Severity));
    }

    [Fact]
    public void A_login_that_links_two_incidents_makes_them_one_and_both_ids_lead_there()
    {
        var spray = Told.Spray(0).AddTo(_book)!;
        var guessed = Told.GuessFromMany(0.1, "192.0.2.9", "bob").AddTo(_book)!;
        Assert.NotSame(spray, guessed);
        var joined = Told.Login(0.2, "bob").AddTo(_book);
        Assert.Same(spray, joined);
        Assert.Same(spray, Assert.Single(_book.Open));
        Assert.Equal(3, spray.Events);
        Assert.Equal([guessed.Id], spray.Merged);
        Assert.Same(spray, _book.Find(guessed.Id));
        Assert.Same(spray, Told.GuessFromMany(0.3, "192.0.2.10", "bob").AddTo(_book));
    }

    [Fact]
    public void Who_was_erased_is_named_nowhere_and_still_counted_and_the_others_stay_named()
    {
        Add(Told.Spray(0, "ann"), Told.Spray(0.1, "bob"), Told.Login(0.2, "bob"), Told.Login(0.3, "eve"));
        _book.Forget(Told.KeyOf("bob"));
        var incident = Assert.Single(_book.Open);
        Assert.Equal(["ann", Incident.Erased], incident.Tried);
        Assert.Equal(["erased", "eve"], incident.Hit.Select(hit => hit.Subject));
        Assert.Equal((2L, 2L), (incident.SubjectsTried.Count, incident.SubjectsHit.Count));
        Assert.False(incident.HasHit(Told.KeyOf("bob")));
        var report = System.Text.Json.JsonSerializer.Serialize(IncidentReporter.Report(incident, isOpen: true, IncidentNaming.Clear));
        Assert.DoesNotContain("bob", report);
        Assert.Contains("eve", report);
        Assert.DoesNotContain("feedback erased", report);
    }

    [Fact]
    public void Who_was_erased_from_two_incidents_is_one_when_they_become_one()
    {
        var (one, other) = (Told.Spray(0, "bob").AddTo(_book)!, Told.Spray(0, "bob", "198.51.100.1", 64501).AddTo(_book)!);
        Told.Spray(0, "ann", "198.51.100.1", 64501).AddTo(_book);
        Assert.NotSame(one, other);
        _book.Forget(Told.KeyOf("bob"));
        var guess = Told.Spray(0.1, "ann") with { Asn = 64501 };
        Assert.Same(one, guess.AddTo(_book));
        Assert.Equal(2, one.SubjectsTried.Count);
    }

    [Fact]
    public void What_somebody_erased_does_later_is_counted_anew_and_found_by_nothing_of_before()
    {
        Told.GuessFromMany(0, "198.51.100.7", "bob").AddTo(_book);
        var before = Assert.Single(_book.Open);
        _book.Forget(Told.KeyOf("bob"));
        Assert.NotSame(before, Told.GuessFromMany(0.1, "192.0.2.7", "bob").AddTo(_book));
        _book.Forget(12345);
        Assert.Equal(["bob"], _book.Open[1].Tried);
    }

    [Fact]
    public void Many_addresses_that_guess_at_one_account_are_one_incident()
    {
        for (var i = 1; i <= 200; i++) Told.GuessFromMany(i * 0.01, $"198.51.{i}.7", "ann").AddTo(_book);
        var incident = Assert.Single(_book.Open);
        Assert.Equal((IncidentKind.DistributedBruteForce, 1L), (incident.Kind, incident.SubjectsTried.Count));
        Assert.False(incident.Addresses.Distinct.IsExact);
        Assert.InRange(incident.Addresses.Distinct.Count, 180, 220);
    }

    [Theory, InlineData(12, 1), InlineData(12.001, 2)]
    public void An_incident_takes_what_comes_within_the_quiet_time_and_no_more(double hours, int incidents)
    {
        Add(Told.Spray(0), Told.Spray(hours));
        Assert.Equal(incidents, _book.Open.Count + _book.Closed.Count);
    }

    [Fact]
    public void A_late_event_joins_what_it_belongs_to_and_moves_only_its_beginning()
    {
        Add(Told.Spray(5), Told.Spray(3));
        var incident = Assert.Single(_book.Open);
        Assert.Equal((Told.Start + TimeSpan.FromHours(3), Told.Start + TimeSpan.FromHours(5)), (incident.FirstSeen, incident.LastSeen));
    }

    [Fact]
    public void Noise_that_never_ceases_makes_a_new_incident_each_fortnight_that_names_the_one_before()
    {
        for (var hour = 0; hour < 24 * 40; hour += 6) Told.Spray(hour).AddTo(_book);
        Incident[] all = [.. _book.InOrder().OrderBy(incident => incident.FirstSeen)];
        Assert.Equal(3, all.Length);
        Assert.Equal([null, all[0].Id, all[1].Id], all.Select(incident => incident.Continues));
        Assert.All(all, incident => Assert.True(incident.LastSeen - incident.FirstSeen <= TimeSpan.FromDays(21)));
    }

    [Fact]
    public void Noise_read_from_later_on_is_found_under_the_same_ids_after_a_fortnight()
    {
        var later = new IncidentBook(new IncidentSettings());
        for (var hour = 0; hour < 24 * 40; hour += 6)
        {
            var told = Told.Spray(hour);
            told.AddTo(_book);
            if (hour >= 24 * 4) told.AddTo(later);
        }

        Assert.Equal(_book.InOrder().Take(2).Select(incident => incident.Id), later.InOrder().Take(2).Select(incident => incident.Id));
    }

    [Theory]
    [InlineData(49, 0)]
    [InlineData(50, 1)]
    public void A_risky_login_alone_opens_an_incident_from_the_score_that_is_set(double score, int incidents)
    {
        Told.Login(0, score: score).AddTo(_book);
        Assert.Equal(incidents, _book.Open.Count);
    }

    [Fact]
    public void What_is_of_no_risk_and_what_only_looks_a_little_odd_is_in_no_incident()
    {
        Add(Told.Spray(0) with { Score = 3 }, Told.Spray(0) with { Score = 15 }, new Told(EventKind.LoginFailed, 0, "ann", "203.0.113.7") { Score = 60 });
        Assert.Empty(_book.Open);
    }

    [Fact]
    public void People_who_log_in_beside_an_attacker_are_not_drawn_in()
    {
        Told.Spray(0).AddTo(_book);
        Assert.Null(Told.Login(0.1, "bob", score: 30).AddTo(_book));
        Assert.Null((Told.Login(0.1, "bob", score: 30) with { Kind = EventKind.SessionSeen }).AddTo(_book));
    }

    [Fact]
    public void An_address_that_says_nothing_joins_nothing()
    {
        Add(Told.Spray(0, "a", "10.0.0.1"), Told.Spray(0, "b", "10.0.0.1"), Told.Spray(0, "c") with { Degraded = DegradedFacts.Proxy });
        Assert.Empty(_book.Open);
    }

    [Fact]
    public void Where_too_many_are_open_the_least_severe_gives_way_and_is_still_found()
    {
        var book = new IncidentBook(new IncidentSettings { MaximumOpen = 10 });
        var grave = Told.Login(0, "ann").AddTo(book)!;
        for (var i = 0; i < 10; i++) Told.Spray(1 + (i * 0.01), "bob", $"198.51.{i}.1", asn: (uint)(70_000 + i)).AddTo(book);
        Assert.Equal((10, 1, 1L), (book.Open.Count, book.Closed.Count, book.ClosedEarly));
        Assert.Contains(grave, book.Open);
        Assert.Same(book.Closed[0], book.Find(book.Closed[0].Id));
    }

    [Fact]
    public void A_risky_login_from_the_network_of_a_spray_is_part_of_it_and_one_from_the_same_provider_is_not()
    {
        Told.Spray(0).AddTo(_book);
        Told.Login(0.1, "bob", "203.0.113.99").AddTo(_book);
        Told.Login(0.2, "eve", "198.51.100.1").AddTo(_book);
        Assert.Equal([2L, 1L], _book.Open.Select(incident => incident.Events));
    }

    [Fact]
    public void Of_the_closed_ones_the_least_severe_are_forgotten_with_all_their_ids()
    {
        var book = new IncidentBook(new IncidentSettings { MaximumClosed = 1 });
        var spray = Told.Spray(0).AddTo(book)!;
        var part = Told.GuessFromMany(0, "192.0.2.9", "bob").AddTo(book)!;
        Told.Login(0.1, "bob").AddTo(book);
        var low = Told.Spray(0.2, address: "198.51.100.1", asn: 64501).AddTo(book)!;
        Told.Spray(100, address: "192.0.2.77", asn: 64502).AddTo(book);
        Assert.Equal([spray], book.Closed);
        Assert.Null(book.Find(low.Id));
        Assert.Same(spray, book.Find(part.Id));
    }

    [Fact]
    public void The_same_events_in_the_same_order_make_the_same_incidents()
    {
        var random = new Random(3);
        Told[] told = [.. Enumerable.Range(0, 3000).Select(i => random.Next(4) switch
        {
            0 => Told.Spray(i * 0.05, $"n{random.Next(500)}", $"198.51.{random.Next(100)}.{random.Next(4)}", (uint)(64500 + random.Next(9))),
            1 => Told.GuessFromMany(i * 0.05, $"192.0.{random.Next(200)}.1", $"n{random.Next(20)}"),
            2 => Told.Login(i * 0.05, $"n{random.Next(500)}", $"198.51.{random.Next(100)}.{random.Next(4)}", random.Next(100)),
            _ => Told.Guess(i * 0.05, $"n{random.Next(500)}", $"198.51.{random.Next(100)}.{random.Next(4)}"),
        })];
        var again = new IncidentBook(new IncidentSettings());
        foreach (var each in told)
        {
            each.AddTo(_book);
            each.AddTo(again);
        }

        Assert.True(_book.InOrder().Count() > 20);
        Assert.Equal(_book.InOrder().Select(Describe), again.InOrder().Select(Describe));
    }

    [Fact]
    public void What_is_kept_of_an_incident_is_bounded()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var address = $"198.{random.Next(250)}.{random.Next(250)}.{random.Next(250)}";
            Told.Spray(i * 0.01, $"n{random.Next(20_000)}", address).AddTo(_book);
            if (i % 3 == 0) Told.Login(i * 0.01, $"n{random.Next(20_000)}", address).AddTo(_book);
        }

        var largest = _book.InOrder().MaxBy(incident => incident.Events)!;
        Assert.True(largest.Events > 10_000);
        Assert.Equal(Incident.ToldHits, largest.Hit.Count());
        Assert.InRange(largest.Addresses.Most.Count(), 1, Incident.CountedAddresses);
        Assert.InRange(largest.Timeline.Phases.Count(), 1, Timeline.Capacity + IncidentKinds.All.Count);
        Assert.InRange(largest.Keys.Count, 1, Incident.KeyCapacity);
        Assert.Equal(largest.Events, largest.Timeline.Phases.Sum(phase => phase.Events));
    }

    private static string Describe(Incident incident) =>
        string.Join(' ', incident.Id, incident.Events, incident.Kind, incident.FirstSeen, incident.LastSeen, incident.SubjectsTried.Count, incident.SubjectsHit.Count, string.Join(',', incident.Merged), incident.Decisions);

    private void Add(params Told[] told)
    {
        foreach (var each in told) each.AddTo(_book);
    }
}
