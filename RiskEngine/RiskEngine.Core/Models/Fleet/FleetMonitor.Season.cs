namespace RiskEngine.Core.Models;

/// <content>What passes with time: hours become season, and the counts that matter follow it.</content>
public sealed partial class FleetMonitor
{
    private const uint SecondsAnHour = 3600;

    private float MostScaleNow => IsRipe ? MostScale : MostYoungScale;

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
        var hour = WeekSeason.HourOf(Hour);
        var people = People(hour);
        for (var i = 0; i < FleetSeriesList.Length; i++)
        {
            ref var series = ref _memory.Series[i];
            series.UsualBefore = series.UsualOfHour;
            series.UsualOfHour = i == FleetSeriesList.Successes ? people : Usual(i, hour, people);
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
        var (deviations, minimum) = ((float)settings.Deviations, (float)settings.MinimumNames);
        if (!IsRipe) (deviations, minimum) = (deviations * YoungDeviations, minimum * YoungMinimum);
        for (var kind = AttackKind.BruteForce; kind <= AttackKind.FailureSurge; kind++)
        {
            ref var series = ref _memory.Series[(int)kind];
            series.Expect(scale * MathF.Max(series.UsualOfHour, series.UsualBefore), deviations, minimum * FewestTimes(kind));
            if (IsOpen(kind) && series.IsOver()) End(kind, AttackPhase.Ended);
        }
    }

    /// <summary>Compares an hour that is over with its season, and lets it teach.</summary>
    private void Learn(uint hour, FleetSettings settings)
    {
        var newest = ((hour + 1) * RecentCounts.BucketsAnHour) - 1;
        var people = _memory.Recent.Sum(FleetSeriesList.Successes, newest, RecentCounts.BucketsAnHour);
        if (people == 0 && _memory.Recent.Sum((int)AttackKind.FailureSurge, newest, RecentCounts.BucketsAnHour) == 0) return;
        var slot = WeekSeason.HourOf(hour);
        var usualPeople = People(slot);
        var scale = Scale(people, usualPeople);
        var isAttacked = IsAttacked(hour);
        for (var i = 0; i < FleetSeriesList.Length; i++)
        {
            var isKind = i < FleetSeriesList.Kinds;
            ref var series = ref _memory.Series[i];
            var count = _memory.Recent.Sum(i, newest, RecentCounts.BucketsAnHour);
            var usual = isKind ? Usual(i, slot, usualPeople) : usualPeople;
            var expected = isKind ? usual * scale : usual;
            var isHeld = isAttacked || (isKind && IsIn(hour, series.Period));
            if (isKind) Judge((AttackKind)i, count, expected, isHeld, settings);
            var most = series.MostLearnt(expected, IsRipe ? MostTaught : MostTaughtYoung);
            Teach(ref _memory.Seasons[i], slot, isHeld ? usual : MathF.Min(count, most));
        }

        _memory.Seen[slot] = MathF.Min(_memory.Seen[slot] + 1, WeekSeason.Memory);
        _memory.HoursSeen++;
    }

    private void Judge(AttackKind kind, float count, float expected, bool isHeld, FleetSettings settings)
    {
        ref var series = ref _memory.Series[(int)kind];
        var deviations = series.Note(count, expected, !isHeld);
        var now = _memory.Bucket * RecentCounts.BucketSeconds;
        if (IsOpen(kind))
        {
            if (now - series.Period.Start >= Math.Clamp(Hour - _memory.FirstHour, Day, DaysToBeRipe * Day) * SecondsAnHour) Settle(kind, now);
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
        _memory.Seasons[(int)kind].LiftTo(series.Period.Total * SecondsAnHour / (now - series.Period.Start));
        series.Calmed();
        End(kind, AttackPhase.Settled);
    }

    private void Teach(ref WeekSeason season, int slot, float count)
    {
        var seen = _memory.Seen[slot];
        var mean = season[slot];
        var taught = mean + ((count - mean) / (MathF.Min(seen, WeekSeason.Memory - 1) + 1));
        season[slot] = seen >= SettledWeeks ? MathF.Min(taught, (mean * (1 + RiseShare)) + RiseNames) : taught;
    }

    private float People(int slot) => _memory.Seasons[FleetSeriesList.Successes].Expected(slot, _memory.Seen, _memory.Series[FleetSeriesList.Successes].InAnHour);

    private float Usual(int series, int slot, float people) => _memory.Seasons[series].Expected(slot, _memory.Seen, Priors[series] * (people + SomePeople));

    private float Scale(float people, float usual) => Math.Clamp((people + SomePeople) / (usual + SomePeople), 1, MostScaleNow);

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
