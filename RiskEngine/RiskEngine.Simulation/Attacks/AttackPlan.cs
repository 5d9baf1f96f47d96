using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Attacks;

/// <summary>Which campaigns begin on which day. At intensity 1 every attack has at least one campaign in a run, however short.</summary>
/// <remarks>
/// The first quarter of a run, at most two days, is free of attacks: a fleet has a history before anyone attacks it. Campaigns are spread evenly
/// over the days after that, by counting up a rate in whole millionths.
/// </remarks>
internal sealed class AttackPlan
{
    private const long One = 1_000_000;
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromDays(2);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>Attacks whose days are numbered together. Later ones have numbers of their own, so that an attack more changes no campaign of the others.</summary>
    private const int FirstAttacks = 16;

    private readonly List<(IAttack Attack, int Place, long Rate, long Phase)> _attacks = [];
    private readonly AttackerHosts _hosts;
    private readonly AccountDirectory _directory;
    private readonly ulong _seed;
    private readonly EventTime _begin;
    private readonly int _firstDay;
    private readonly bool _labels;
    private int _lastCampaign;

    public AttackPlan(SimulationSettings settings, ulong seed, AttackerHosts hosts, AccountDirectory directory)
    {
        (_seed, _hosts, _directory, _labels) = (seed, hosts, directory, settings.Labels);
        var quiet = TimeSpan.FromHours(settings.Days * 6);
        if (quiet > LongestQuiet) quiet = LongestQuiet;
        _begin = EventTime.From(settings.Start) + quiet;
        _firstDay = (int)(quiet / OneDay);
        var days = settings.Days - _firstDay;
        for (var place = 0; place < AttackCatalog.All.Count; place++)
        {
            var attack = AttackCatalog.All[place];
            if (!settings.Attacks.Contains(attack.Name)) continue;
            var rate = (long)(attack.CampaignsPerDay * settings.AttackIntensity * (0.5 + (settings.Users / 1000.0)) * One);
            // Rounded up, so that the days together make one.
            var least = (One + days - 1) / days;
            var phase = SeededRandom.For(seed, Purpose.AttackPlan, place).Below((int)One);
            _attacks.Add((attack, place, Math.Max(rate, least), phase));
        }
    }

    /// <summary>Drafts the campaigns that begin on that day.</summary>
    /// <param name="number">Number of the day from 0.</param>
    public void Run(int number, EventTime day, DayTraffic traffic, List<EventDraft> drafts)
    {
        if (number < _firstDay) return;
        var since = number - _firstDay;
        foreach (var (attack, place, rate, phase) in _attacks)
        {
            var count = (int)((((since + 1) * rate) + phase) / One) - (int)(((since * rate) + phase) / One);
            for (var i = 0; i < count; i++)
            {
                var random = SeededRandom.For(_seed, Purpose.Campaign, (Slot(number, place) << 20) + i);
                attack.Run(new Campaign
                {
                    Random = random,
                    Journal = new Journal(drafts, random, _labels ? new AttackLabel(attack.Name, ++_lastCampaign) : null),
                    Hosts = _hosts,
                    Traffic = traffic,
                    Directory = _directory,
                    Earliest = day > _begin ? day : _begin,
                    Latest = day + OneDay,
                });
            }
        }
    }

    /// <summary>A number for an attack on a day that no other has.</summary>
    private static long Slot(int day, int place) => place < FirstAttacks ? ((long)day * FirstAttacks) + place : ((long)place << 32) + day;
}
