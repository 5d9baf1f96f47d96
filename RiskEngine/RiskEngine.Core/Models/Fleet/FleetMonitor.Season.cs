namespace RiskEngine.Core.Models;

/// <content>What passes with time: hours become season, and the counts that matter follow it.</content>
public sealed partial class FleetMonitor
{
    private const uint SecondsAnHour = 3600;

    /// <summary>Begins the next bucket. An hour teaches an hour after its end, when late events have had their time.</summary>
    private void Step(FleetSettings settings)
    {
        _memory.Bucket++;
        _memory.Recent.Begin(_memory.Bucket);
        if (_memory.Bucket % RecentCounts.BucketsAnHour == 0)
        {
            Fade(1);
            Learn(Hour - 2, settings);
            BeginHour();
        }

        Compare(settings);
    }

    private void Fade(uint hours)
    {
        if (hours > ForgottenAfter) _memory.HoursSeen = 0;
        else for (; hours > 0; hours--) _memory.HoursSeen *= Fading;
    }

    /// <summary>Looks up what the season has for the hour that begins.</summary>
    private void BeginHour()
    {
        _memory.Failing.Clear();
        _memory.Succeeding.Clear();
        var seen = new WeekSeason.SeenHours(WeekSeason.HourOf(Hour), _memory.Seen, stackalloc float[WeekSeason.Hours]);
        var people = People(seen);
        for (var i = 0; i < FleetSeriesList.Length; i++)
        {
            ref var series = ref _memory.Series[i];
            series.UsualBefore = series.UsualOfHour;
            series.UsualOfHour = i == FleetSeriesList.Successes ? people : Usual(i, seen, people);
        }
    }

    /// <summary>Counts anew what came lately, sets the counts that matter from here on, and ends what is over.</summary>
    private void Compare(FleetSettings settings)
    {
        for (var i = 0; i < FleetSeriesList.Length; i++)
        {
            ref var series = ref _memory.Series[i];
            series.Lately = _memory.Recent.Sum(i, _memory.Bucket, 2);
            series.InAnHour = _memory.Recent.Sum(i, _memory.Bucket, RecentCounts.BucketsAnHour);
        }

        ref readonly var people = ref _memory.Series[FleetSeriesList.Successes];
        var scale = Scale(people.InAnHour, MathF.Max(people.UsualOfHour, people.UsualBefore));
        var isOutgrown = scale > MostScale;
        var (deviations, minimum) = ((float)settings.Deviations, (float)settings.MinimumNames);
        if (!IsRipe || isOutgrown) (deviations, minimum) = (deviations * YoungDeviations, minimum * YoungMinimum);
        for (var kind = AttackKind.BruteForce; kind <= AttackKind.FailureSurge; kind++)
        {
            ref var series = ref _memory.Series[(int)kind];
            var usual = scale * MathF.Max(series.UsualOfHour, series.UsualBefore);
            if (isOutgrown) usual = MathF.Max(usual, Prior((int)kind, people.InAnHour));
            series.Expect(usual, deviations, minimum * FewestTimes(kind));
            if (IsOpen(kind) && series.IsOver()) End(kind, AttackPhase.Ended);
        }
    }

    /// <summary>Compares an hour that is over with its season, and lets it teach.</summary>
    private void Learn(uint hour, FleetSettings settings)
    {
        var newest = ((hour + 1) * RecentCounts.BucketsAnHour) - 1;
        var people = _memory.Recent.Sum(FleetSeriesList.Successes, newest, RecentCounts.BucketsAnHour);
        if (people == 0 && _memory.Recent.Sum((int)AttackKind.FailureSurge, newest, RecentCounts.BucketsAnHour) == 0)
        {
            // An hour in which nobody came teaches nothing, and what rose goes down.
            for (var i = 0; i < FleetSeriesList.Kinds; i++) _memory.Series[i].Rise /= 2;
            return;
        }

        var slot = WeekSeason.HourOf(hour);
        var seen = new WeekSeason.SeenHours(slot, _memory.Seen, stackalloc float[WeekSeason.Hours]);
        var usualPeople = People(seen);
        var scale = Scale(people, usualPeople);
        var isOutgrown = scale > MostScale;
        var isHeld = IsAttacked(hour);
        var mostTaught = IsRipe && !isOutgrown ? MostTaught : MostTaughtYoung;
        for (var i = 0; i < FleetSeriesList.Length; i++)
        {
            var isKind = i < FleetSeriesList.Kinds;
            ref var series = ref _memory.Series[i];
            var count = _memory.Recent.Sum(i, newest, RecentCounts.BucketsAnHour);
            var usual = isKind ? Usual(i, seen, usualPeople) : usualPeople;
            var expected = isKind ? usual * scale : usual;
            if (isOutgrown) expected = MathF.Max(expected, isKind ? Prior(i, people) : people);
            if (isKind) Judge((AttackKind)i, count, expected, isHeld, settings);
            var taught = isHeld ? usual : MathF.Min(count, series.MostLearnt(expected, mostTaught));
            Teach(ref _memory.Seasons[i], slot, isOutgrown ? 0 : _memory.Seen[slot], taught, series.LearnsFreely(hour));
        }

        if (isOutgrown) (_memory.Seen[slot], _memory.HoursSeen) = (0, MathF.Max(_memory.HoursSeen - Forgotten, 0));
        _memory.Seen[slot] = MathF.Min(_memory.Seen[slot] + 1, WeekSeason.Memory);
        _memory.HoursSeen++;
    }

    private void Judge(AttackKind kind, float count, float expected, bool isHeld, FleetSettings settings)
    {
        ref var series = ref _memory.Series[(int)kind];
        var deviations = series.Note(count, expected, !isHeld);
        var now = _memory.Bucket * RecentCounts.BucketSeconds;
        series.Lasted = IsOpen(kind) ? series.Lasted + 1 : MathF.Max(series.Lasted - CalmHours, 0);
        if (IsOpen(kind))
        {
            if (series.Lasted >= Math.Clamp(Hour - _memory.FirstHour, Day, DaysToBeRipe * Day)) Settle(kind, now);
        }
        else if (IsRipe && deviations > 1 && series.IsRise && series.Risen >= 2 * FewestTimes(kind) * settings.MinimumNames)
        {
            Begin(kind, now);
        }
    }

    /// <summary>Ends a period that went on for so long that it is no exception any more.</summary>
    private void Settle(AttackKind kind, uint now)
    {
        ref var series = ref _memory.Series[(int)kind];
        // A period may be the last of several that make up the week, and of a minute's length: its total is spread over all of it.
        var hours = MathF.Max((float)(now - series.Period.Start) / SecondsAnHour, series.Lasted);
        _memory.Seasons[(int)kind].LiftTo(series.Period.Total / hours);
        series.Calmed(Hour + (2 * DaysToBeRipe * Day));
        End(kind, AttackPhase.Settled);
    }

    private static void Teach(ref WeekSeason season, int slot, float seen, float count, bool isFree)
    {
        var mean = season[slot];
        var taught = mean + ((count - mean) / (MathF.Min(seen, WeekSeason.Memory - 1) + 1));
        season[slot] = seen >= SettledWeeks && !isFree ? MathF.Min(taught, (mean * (1 + RiseShare)) + RiseNames) : taught;
    }

    private float People(in WeekSeason.SeenHours seen) => _memory.Seasons[FleetSeriesList.Successes].Expected(seen, _memory.Series[FleetSeriesList.Successes].InAnHour);

    private float Usual(int series, in WeekSeason.SeenHours seen, float people) => _memory.Seasons[series].Expected(seen, Prior(series, people));

    private static float Prior(int series, float people) => Priors[series] * (people + SomePeople);

    private static float Scale(float people, float usual) => MathF.Max((people + SomePeople) / (usual + SomePeople), 1);

    private bool IsAttacked(uint hour)
    {
        for (var kind = AttackKind.BruteForce; kind.IsAttack(); kind++)
        {
            if (IsIn(hour, _memory.Series[(int)kind].Period)) return true;
        }

        return false;
    }

    /// <summary>Whether an hour touches a period, or the hour before it was found.</summary>
    private static bool IsIn(uint hour, in AttackPeriod period) =>
        period.Number > 0 && period.Start / SecondsAnHour <= hour + 1 && (period.IsOpen || period.LastSeen / SecondsAnHour >= hour);

    /// <summary>Guesses are many for one name, and surges are no attack by themselves: twice as many.</summary>
    private static float FewestTimes(AttackKind kind) => kind is AttackKind.PasswordSpray or AttackKind.NetworkSpray or AttackKind.CredentialStuffing ? 1 : 2;
}
