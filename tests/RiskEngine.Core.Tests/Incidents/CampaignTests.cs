using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

/// <summary>One campaign is one incident, two are two, and who only logs in beside them is in neither.</summary>
public sealed class CampaignTests
{
    private const uint One = 64500, Other = 64501;

    private readonly IncidentBook _book = new(new IncidentSettings());

    [Theory, InlineData(10, 1), InlineData(20, 2)]
    public void Sprays_of_two_providers_that_begin_and_go_on_together_are_one_campaign_and_one_that_begins_later_is_another(int later, int incidents)
    {
        Play([.. Spray(0, 60, "203.0.113.7", One), .. Spray(later, 60, "198.51.100.7", Other)]);
        Assert.Equal(incidents, _book.Open.Count);
    }

    [Fact]
    public void Of_two_that_begin_together_the_one_that_is_soon_over_is_another_campaign_only_if_it_never_went_with_the_first()
    {
        Play([.. Spray(0, 3, "203.0.113.7", One, each: 1), .. Spray(0, 60, "198.51.100.7", Other)]);
        Assert.Equal(2, _book.Open.Count);
    }

    [Fact]
    public void Guessing_at_two_accounts_at_once_is_two()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            Told.Guess(minute / 60.0, "ann", "203.0.113.7").AddTo(_book);
            (Told.Guess(minute / 60.0, "bob", "198.51.100.7") with { Asn = Other }).AddTo(_book);
        }

        Assert.Equal(2, _book.Open.Count);
    }

    [Fact]
    public void A_campaign_that_changes_its_addresses_is_one()
    {
        Play([.. Enumerable.Range(0, 40).SelectMany(i => Spray(i * 30, (i * 30) + 3, $"198.51.{i}.7", One, each: 1))]);
        var incident = Assert.Single(_book.Open);
        Assert.Equal((160, 40), (incident.Events, incident.Addresses.Distinct.Count));
    }

    [Theory, InlineData(60, 1), InlineData(61, 2)]
    public void What_comes_from_elsewhere_in_the_provider_an_hour_after_the_last_guess_is_somebody_else(double minutes, int incidents)
    {
        Play([.. Spray(0, 0, "203.0.113.7", One), .. Spray(minutes, minutes, "198.51.100.7", One)]);
        Assert.Equal(incidents, _book.Open.Count);
    }

    [Fact]
    public void Two_campaigns_on_one_provider_stay_two_when_both_go_on_from_their_own_addresses()
    {
        Play([.. Spray(0, 0, "203.0.113.7", One), .. Spray(90, 90, "198.51.100.7", One), .. Spray(100, 100, "203.0.113.7", One), .. Spray(110, 110, "198.51.100.7", One)]);
        Assert.Equal([2L, 2L], _book.Open.Select(incident => incident.Events));
    }

    [Theory, InlineData(12, 1), InlineData(12.1, 2)]
    public void An_address_that_took_part_is_forgotten_by_itself_while_the_incident_goes_on(double hours, int incidents)
    {
        Told.Spray(0).AddTo(_book);
        for (var minute = 30; minute <= hours * 60; minute += 30) Told.Spray(minute / 60.0, address: $"198.51.{minute / 30}.7").AddTo(_book);
        (Told.Spray(hours) with { Asn = Other }).AddTo(_book);
        Assert.Equal(incidents, _book.Open.Count);
    }

    [Fact]
    public void A_guess_at_an_account_that_many_guess_at_belongs_there_when_its_address_is_done_with_spraying()
    {
        Told.Spray(0).AddTo(_book);
        var guessed = Told.GuessFromMany(1, "192.0.2.9", "bob").AddTo(_book)!;
        SignalRecord[] both = [Told.Signal(SignalCode.PasswordSpray, 5), Told.Signal(SignalCode.DistributedBruteForce, 2)];
        Assert.NotSame(guessed, (Told.Spray(0.9, "bob") with { Signals = both }).AddTo(_book));
        Assert.Same(guessed, (Told.Spray(2, "bob") with { Signals = both }).AddTo(_book));
    }

    [Fact]
    public void Who_gets_in_from_elsewhere_in_the_provider_belongs_to_the_campaign_if_its_guesses_speak_against_the_sign_in()
    {
        var spray = Told.Spray(0).AddTo(_book);
        var login = Told.Login(0.1, "bob", "198.51.100.7");
        Assert.NotSame(spray, login.AddTo(_book));
        Assert.Same(spray, (Told.Login(0.1, "eve", "192.0.2.7") with { Signals = [Told.Signal(SignalCode.CredentialStuffing, 0.9)] }).AddTo(_book));
    }

    [Fact]
    public void A_person_who_logs_in_while_it_lasts_is_not_drawn_in_at_the_same_address_or_network_or_provider()
    {
        Play([.. Spray(0, 60, "203.0.113.7", One)]);
        SignalRecord[] signals = [Told.Signal(SignalCode.CredentialStuffing, 0.9), Told.Signal(SignalCode.NetworkSpray, 1.5)];
        foreach (var address in (string[])["203.0.113.7", "203.0.113.99", "198.51.100.7"])
        {
            Assert.Null((Told.Login(0.5, "jane", address, score: 30) with { Signals = signals }).AddTo(_book));
            Assert.Null((Told.Login(0.5, "jane", address, score: 30) with { Kind = EventKind.TokenUsed, Signals = signals }).AddTo(_book));
        }

        Assert.Equal(0, Assert.Single(_book.Open).SubjectsHit.Count);
    }

    /// <summary>A name a minute, from one minute to another.</summary>
    private static IEnumerable<Told> Spray(double begin, double end, string address, uint asn, double each = 1)
    {
        for (var minute = begin; minute <= end; minute += each) yield return Told.Spray(minute / 60, $"n{minute}-{asn}", address, asn);
    }

    private void Play(Told[] told)
    {
        foreach (var each in told.OrderBy(each => each.After)) each.AddTo(_book);
    }
}
