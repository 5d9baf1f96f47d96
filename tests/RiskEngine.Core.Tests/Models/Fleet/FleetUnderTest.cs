using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

/// <summary>A fleet of people with office hours, seeded, and whatever else a test puts into its hours.</summary>
internal sealed class FleetUnderTest(double peopleAtTen, int seed = 1)
{
    /// <summary>Monday, 2 November 2026, midnight.</summary>
    public const uint Monday = 1_793_577_600;

    public const uint Hour = 3600, Day = 24 * Hour, Week = 7 * Day;

    private readonly Random _random = new(seed);
    private ulong _next = 1;

    public FleetSettings Settings { get; } = new();

    public FleetMonitor Monitor { get; private set; } = new();

    public uint Now { get; private set; } = Monday;

    /// <summary>Gets every period that was found, as it was told last.</summary>
    public SortedDictionary<uint, AttackPeriod> Periods { get; } = [];

    public AttackKinds Kinds => Periods.Values.Aggregate(AttackKinds.None, (kinds, period) => kinds | period.Kind.AsSet());

    /// <summary>Gets which part of the usual number of people is there: 0.1 on a holiday.</summary>
    public double Presence { get; set; } = 1;

    /// <summary>Gets the part of people who first fail at their own place.</summary>
    public double Forgetting { get; set; } = 0.04;

    /// <summary>Gets the part of people who come from a new address.</summary>
    public double Moving { get; set; } = 0.08;

    /// <summary>Gets names that fail elsewhere for each person who gets in.</summary>
    public double Fumbling { get; set; } = 0.01;

    public FleetUnderTest Days(double days, Action<FleetUnderTest>? eachHour = null)
    {
        for (var hour = 0; hour < days * 24; hour++)
        {
            PassHour(eachHour);
        }

        return this;
    }

    /// <summary>One hour of honest people; what else happens in it happens in its first minutes.</summary>
    public void PassHour(Action<FleetUnderTest>? also = null)
    {
        also?.Invoke(this);
        var people = Poisson(peopleAtTen * Presence * Share(Now));
        for (var i = 0; i < people; i++)
        {
            var at = Now + (uint)(Hour * (i + 0.5) / people);
            var person = NextName();
            if (_random.NextDouble() < Forgetting) Observe(FleetPattern.Failure, person, at);
            if (_random.NextDouble() < Fumbling) Observe(FleetPattern.Scattered, NextName(), at);
            Observe(_random.NextDouble() < Moving ? FleetPattern.SuccessElsewhere : FleetPattern.Success, person, at);
        }

        Now += Hour;
        Monitor.Advance(Now, Settings);
        Note();
    }

    /// <summary>That many different names, a second apart from now on.</summary>
    public void Fail(FleetPattern pattern, int names, bool unknown = false)
    {
        for (var i = 0; i < names; i++) Observe(pattern, NextName(), Now + (uint)(i % 1200), unknown);
    }

    public void Observe(FleetPattern pattern, ulong subject, uint at, bool unknown = false)
    {
        Monitor.Observe(new FleetLogin(pattern, subject, at, unknown), Settings);
        Note();
    }

    public byte[] Save()
    {
        var bytes = new byte[FleetMonitor.StoredLength];
        Monitor.Save(bytes);
        return bytes;
    }

    /// <summary>Goes on with a monitor that has read what the one before wrote.</summary>
    public void Restart()
    {
        var bytes = Save();
        Monitor = new FleetMonitor();
        Monitor.Load(bytes);
    }

    public ulong NextName()
    {
        var high = Math.BigMul(_next++ ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, out var low);
        return high ^ low;
    }

    private void Note()
    {
        foreach (var period in Monitor.Changes) Periods[period.Number] = period;
        Monitor.Changes.Clear();
    }

    /// <summary>A working day rises to ten and falls to a twentieth at night; the weekend is a seventh of it.</summary>
    private static double Share(uint at)
    {
        var hour = at / Hour % 24;
        var day = (at - Monday) / Day % 7;
        var share = hour is >= 8 and < 18 ? hour is 9 or 10 ? 1.0 : 0.6 : 0.05;
        if (day == 0 && hour is 8 or 9) share *= 1.5;
        return day >= 5 ? share / 7 : share;
    }

    private int Poisson(double mean)
    {
        if (mean > 50) return (int)Math.Max(Math.Round(mean + (Math.Sqrt(mean) * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()))), 0);
        var (count, product) = (0, _random.NextDouble());
        for (var limit = Math.Exp(-mean); product > limit; count++) product *= _random.NextDouble();
        return count;
    }
}
