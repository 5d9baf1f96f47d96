using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class LikelihoodModelTests
{
    private const uint Noon = 1_795_262_400, Day = 86_400;

    private static readonly FleetShares Fleet = new(0.0005f, 0.002f, 0.05f, 0.2f, 0.02f, 0.1f, 0.3f, 5000);

    private readonly LikelihoodModel _model = new(new LikelihoodSettings());
    private readonly NoveltyTable _table = new();

    [Fact]
    public void Nothing_is_said_of_a_subject_without_history() => Assert.Equal(0, Judge([], Home(Noon)).Total);

    [Fact]
    public void The_parts_add_up_and_a_place_farther_away_never_says_less()
    {
        var history = Days(20);
        float[] totals = [.. new[] { Home(Noon), Neighbour(Noon), Renumbered(Noon), Cafe(Noon), Abroad(Noon) }.Select(login => Judge(history, login)).Select(said => said.Address + said.Asn + said.Country)];
        Assert.Equal(totals.Order(), totals);
        Assert.True(totals[0] < -1 && totals[^1] > 2, string.Join(' ', totals));
    }

    [Fact]
    public void The_same_new_address_says_less_with_every_step_of_time()
    {
        float[] said = [.. new uint[] { 30, 300, 1800, 7200, 2 * Day, 20 * Day, 60 * Day, 120 * Day }.Select(gap => Judge(Days(20, until: Noon - gap), Renumbered(Noon)).Address)];
        Assert.Equal(said.OrderDescending(), said);
        Assert.True(said[0] > 2 && said[^1] < 0.5, string.Join(' ', said));
    }

    [Fact]
    public void A_user_agent_that_nobody_else_has_vouches_for_more_than_one_that_everybody_has()
    {
        var rare = _model.Judge(Days(20), 20, Summary(Days(20), Cafe(Noon)), Cafe(Noon), Fleet with { UserAgent = 0.0001f }, _table, true);
        var common = _model.Judge(Days(20), 20, Summary(Days(20), Cafe(Noon)), Cafe(Noon), Fleet with { UserAgent = 0.6f }, _table, true);
        Assert.True(rare.Device < common.Device - 0.2, $"{rare.Device} {common.Device}");
    }

    [Fact]
    public void A_network_that_nobody_here_uses_says_more_in_a_fleet_that_stays_where_it_is()
    {
        for (var i = 0; i < 2000; i++) _table.Rarity.Observe(0.05f);
        var rare = Judge(Days(20), Cafe(Noon), Fleet with { Asn = 1e-6f });
        Assert.True(rare.Asn > Judge(Days(20), Cafe(Noon)).Asn + 0.5);
    }

    [Fact]
    public void Whatever_comes_the_answer_is_a_number_within_bounds()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var history = new PastLogin[random.Next(0, 51)];
            for (var i = 0; i < history.Length; i++) history[i] = Any(random, Noon - (uint)(100 * Day) + ((uint)i * (uint)random.Next(0, 100_000)));
            var login = Any(random, Noon);
            var said = _model.Judge(history, (uint)history.Length + (uint)random.Next(0, 1000), Summary(history, login), login, Shares(random), _table, random.Next(5) > 0);
            Assert.True(float.IsFinite(said.Total) && Math.Abs(said.Total) < 30, $"{round}: {said}");
            Assert.True(said.Asn >= 0 && said.Country >= 0, $"{round}: {said}");
            Assert.InRange(said.Chance, 0.0001f, 1.0001f);
        }
    }

    /// <summary>Two logins after the same history: same time, same device, places and shares of any kind; of two in a new system the farther one's is as rare.</summary>
    [Fact]
    public void Whatever_the_history_the_fleet_and_the_shares_a_place_farther_away_never_says_less()
    {
        var random = new Random(11);
        var (compared, bound) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            if (round % 50 == 0) Fill(random);
            var history = new PastLogin[random.Next(1, 51)];
            for (var i = 0; i < history.Length; i++) history[i] = Any(random, Noon - (100 * Day) + ((uint)i * (uint)random.Next(0, 170_000)));
            var logins = (uint)history.Length + (uint)random.Next(0, 3);
            var device = Any(random, Noon);
            var said = Enumerable.Range(0, 6)
                .Select(_ => (Login: Any(random, Noon) with { UserAgent = device.UserAgent, Browser = device.Browser, Os = device.Os }, Fleet: Shares(random)))
                .Select(one => (Said: _model.Judge(history, logins, Summary(history, one.Login), one.Login, one.Fleet, _table, true), one.Fleet.Asn))
                .Where(one => one.Said.Novelty.Nearest != NetworkNovelty.Unknown).ToList();
            foreach (var (near, nearShare) in said)
            {
                foreach (var (far, share) in said.Where(far => far.Said.Novelty.Nearest > near.Novelty.Nearest))
                {
                    if (near.Novelty.Nearest >= NetworkNovelty.Country && share > nearShare) continue;
                    compared++;
                    if (Place(far) < Place(near) + 1e-3f) bound++;
                    Assert.True(Place(far) >= Place(near) - 1e-4f, $"{round}: {far} after {near}");
                }
            }
        }

        Assert.True(compared > 50_000 && bound > 100, $"{compared} compared, {bound} at the bound: nothing was tried");
    }

    [Fact]
    public void One_accepted_intrusion_does_not_make_the_next_one_welcome()
    {
        PastLogin[] history = [.. Days(20, until: Noon - Day), Stranger(Noon - 3600)];
        var again = Judge(history, Stranger(Noon));
        var owner = Judge(history, Home(Noon));
        Assert.True(owner.Total < again.Total - 1, $"{owner.Total} {again.Total}");
    }

    [Fact]
    public void A_history_flooded_with_new_addresses_excuses_a_new_one_only_so_far()
    {
        PastLogin[] flooded = [.. Enumerable.Range(0, 49).Select(i => Stranger(Noon - Day + ((uint)i * 60)) with { AddressUnit = Unit($"203.0.{i}.9"), Asn = 64600 + (uint)i, Novelty = Packed(NetworkNovelty.Country, DeviceNovelty.UserAgent) }), Home(Noon - 3600)];
        var said = Place(Judge(flooded, Abroad(Noon)));
        var calm = Place(Judge(Days(50, until: Noon - 3600), Abroad(Noon)));
        Assert.InRange(said, calm - MathF.Log(16.5f), calm);
    }

    [Fact]
    public void The_whole_fleet_flooded_by_one_subject_moves_the_chance_of_others_by_what_was_counted_and_no_more()
    {
        var cell = NoveltyTable.CellOf(Day, 20);
        for (var i = 0; i < 2000; i++) _table.Observe(cell, new LoginNovelty(NetworkNovelty.Address, NetworkNovelty.Address, DeviceNovelty.UserAgent), 0.05f, Noon);
        var before = Judge(Days(20), Stranger(Noon)).Total;
        for (var i = 0; i < 20; i++) _table.Observe(cell, new LoginNovelty(NetworkNovelty.Abroad, NetworkNovelty.Abroad, DeviceNovelty.Unseen), 0.05f, Noon);
        var after = Judge(Days(20), Stranger(Noon)).Total;
        Assert.True(after < before && after > 2, $"{before} {after}");
    }

    private LoginLikelihood Judge(PastLogin[] history, PastLogin login, FleetShares? shares = null) =>
        _model.Judge(history, (uint)history.Length, Summary(history, login), login, shares ?? Fleet, _table, true);

    private static HistorySummary Summary(PastLogin[] history, in PastLogin login) => HistorySummary.Of(history, login);

    private static PastLogin[] Days(int count, uint until = Noon - Day) =>
        [.. Enumerable.Range(0, count).Select(i => Home(until - ((uint)(count - 1 - i) * Day)) with { Novelty = Packed(NetworkNovelty.Address, DeviceNovelty.UserAgent) })];

    private static byte Packed(NetworkNovelty place, DeviceNovelty device) => new LoginNovelty(place, place, device).Packed;

    private static ulong Unit(string address) => IpAddress.Parse(address).Unit;

    private static PastLogin Home(uint at) => new()
    {
        At = at, AddressUnit = Unit("198.51.100.10"), Asn = 64500, Country = CountryCode.Parse("DE"), UserAgent = 11, Browser = 1, Os = 1, DeviceClass = 1, Latitude = PastLogin.NoLocation,
    };

    private static PastLogin Neighbour(uint at) => Home(at) with { AddressUnit = Unit("198.51.100.77") };

    private static PastLogin Renumbered(uint at) => Home(at) with { AddressUnit = Unit("192.0.2.10") };

    private static PastLogin Cafe(uint at) => Renumbered(at) with { Asn = 64501 };

    private static PastLogin Abroad(uint at) => Cafe(at) with { Country = CountryCode.Parse("PT") };

    private static PastLogin Stranger(uint at) => Abroad(at) with { UserAgent = 99, Browser = 3, Os = 4, DeviceClass = 2 };

    private static float Place(in LoginLikelihood said) => said.Address + said.Asn + said.Country;

    /// <summary>Another fleet: some hundred logins of people who stay, move or travel.</summary>
    private void Fill(Random random)
    {
        _table.Load([]);
        for (var i = random.Next(1500); i > 0; i--)
        {
            var place = (NetworkNovelty)Math.Max(random.Next(1, 6), random.Next(1, 6) * random.Next(2));
            _table.Observe(random.Next(NoveltyTable.Cells), new LoginNovelty(place, place, (DeviceNovelty)random.Next(1, 5)), Share(random), Noon);
        }
    }

    private static FleetShares Shares(Random random) => new(Share(random), Share(random), Share(random), Share(random), Share(random), Share(random), Share(random), 1e6f);

    private static float Share(Random random) => MathF.Pow(10, -6 * random.NextSingle());

    private static PastLogin Any(Random random, uint at) => new()
    {
        At = at,
        AddressUnit = random.Next(4) == 0 ? 0 : Unit($"203.0.{random.Next(4)}.{random.Next(3)}"),
        Asn = (uint)random.Next(4),
        Country = random.Next(3) == 0 ? default : CountryCode.Parse(random.Next(2) == 0 ? "DE" : "PT"),
        UserAgent = (uint)random.Next(4),
        Browser = (byte)random.Next(3),
        Os = (byte)random.Next(3),
        Latitude = PastLogin.NoLocation,
        Novelty = Packed((NetworkNovelty)random.Next(6), (DeviceNovelty)random.Next(5)),
    };
}
