using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Models;

/// <summary>Whether the fleet as a whole is under attack: counts who fails and who gets in from elsewhere, against what is usual at this hour of the week.</summary>
/// <remarks>
/// <para>
/// Each failure that nothing vouches for is of one pattern: a guess at a name that failed often, by few or by many addresses; one of many names at an
/// address; or scattered. Names count once an hour, guesses each; where three in ten do not exist they count as stuffing too. Beside them two surges: all names that fail, and people who got in from elsewhere. What is
/// usual (<see cref="WeekSeason"/>) is scaled up while more people get in than usual, so that a full house is none of its own. See <see cref="FleetSeries"/>
/// for what begins a period, and for the sources.
/// </para>
/// <para>
/// Nobody teaches it that an attack is usual: hours of an attack teach nothing, no hour teaches more than two deviations, and a season that was seen three times
/// rises by a twentieth and a tenth of a name a week at most. What lasts for a week, nights aside, is called settled, said to be so, and is usual from then on.
/// </para>
/// <para>
/// Time is event time. A late event counts where it belongs for three hours and then not at all. Fixed size, allocates nothing while judging; the same logins
/// in the same order give the same bits, for it calculates with +, −, ×, ÷ and √ only. Not thread-safe.
/// </para>
/// </remarks>
public sealed partial class FleetMonitor : ICarriedModel<FleetMonitor>
{
    /// <summary>Form of what is stored; another one reads as a monitor that has seen nothing.</summary>
    private const uint Form = 0x46_4C_54_01;

    private const uint DaysToBeRipe = 7, Day = 24;

    /// <summary>Hours of the last two weeks or so that have to be seen for a season, and what remains of that count after an hour.</summary>
    private const float HoursToBeRipe = 70, Fading = 1 - (1f / 336);

    /// <summary>Hours of silence after which nothing of the count is left.</summary>
    private const uint ForgottenAfter = 5000;

    /// <summary>Share of names that do not exist which makes a spray look like stuffing as well, and the fewest names that tell.</summary>
    private const float StuffingShare = 0.3f, StuffingNames = 10;

    /// <summary>Times as many people as usual beyond which the season says nothing any more: a pilot became everybody. Then the rules of a young fleet hold.</summary>
    private const float MostScale = 3;

    /// <summary>What an hour without a period takes off the hours that periods lasted, of which a week is settled.</summary>
    private const float CalmHours = 0.25f;

    /// <summary>Hours of history that an hour takes back in which the season said nothing.</summary>
    private const float Forgotten = 8;

    /// <summary>People that are added on both sides before the two are compared.</summary>
    private const float SomePeople = 5;

    /// <summary>Times the setting, for a fleet without a week of history.</summary>
    private const float YoungDeviations = 1.4f, YoungMinimum = 1.5f;

    /// <summary>The most deviations that an hour teaches, in a fleet that is ripe or young.</summary>
    private const float MostTaught = 2, MostTaughtYoung = 6;

    /// <summary>How often an hour of the week has to be seen before its season rises slowly, and by how much a week.</summary>
    private const float SettledWeeks = 3, RiseShare = 0.05f, RiseNames = 0.1f;

    private FleetMemory _memory;

    /// <summary>Length in bytes of what is stored.</summary>
    public static int StoredLength => sizeof(uint) + Unsafe.SizeOf<FleetMemory>();

    /// <summary>What each kind comes to for one person who got in, before the fleet has shown its own.</summary>
    private static ReadOnlySpan<float> Priors => [0.05f, 0.02f, 0.03f, 0.1f, 0.03f, 1, 0.2f, 1];

    /// <summary>Gets the kinds that are open now.</summary>
    public AttackKinds Open => _memory.Open;

    /// <summary>Gets periods that were found or ended since <see cref="Load"/>, in order; a period may be in it twice.</summary>
    public List<AttackPeriod> Changes { get; } = new(2 * FleetSeriesList.Kinds);

    /// <summary>Gets whether a week was seen, so that there is a season.</summary>
    public bool IsRipe => _memory.HoursSeen >= HoursToBeRipe && Hour - _memory.FirstHour >= DaysToBeRipe * Day;

    private uint Hour => _memory.Bucket / RecentCounts.BucketsAnHour;

    /// <summary>Moves on to a time: hours that are over teach, periods that are over end. An earlier time changes nothing.</summary>
    /// <param name="at">Event time in Unix seconds.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Advance(uint at, FleetSettings settings)
    {
        var bucket = at / RecentCounts.BucketSeconds;
        if (bucket <= _memory.Bucket) return false;
        if (_memory.Bucket == 0)
        {
            _memory.Bucket = bucket;
            _memory.FirstHour = Hour;
        }
        else
        {
            for (var steps = Math.Min(bucket - _memory.Bucket, RecentCounts.Buckets); steps > 0; steps--) Step(settings);
            if (_memory.Bucket == bucket) return true;

            // All buckets were gone through and are empty: the rest of a long silence is one step, and no attack outlasts it.
            Fade((bucket / RecentCounts.BucketsAnHour) - Hour);
            _memory.Bucket = bucket;
            EndAll();
        }

        BeginHour();
        Compare(settings);
        return true;
    }

    /// <summary>Counts one attempt to sign in.</summary>
    public void Observe(in FleetLogin login, FleetSettings settings)
    {
        Advance(login.At, settings);
        var bucket = login.At / RecentCounts.BucketSeconds;
        if (_memory.Bucket - bucket >= RecentCounts.Buckets) return;
        if (login.Pattern <= FleetPattern.SuccessElsewhere)
        {
            var people = _memory.Succeeding.Add(login.Subject);
            if (people > 0) Count(FleetSeriesList.Successes, bucket, people);
            if (login.Pattern == FleetPattern.SuccessElsewhere && _memory.Succeeding.Add(~login.Subject) is > 0 and var elsewhere) Count(AttackKind.NewAddressSurge, login.At, bucket, elsewhere);
            return;
        }

        if (_memory.Failing.Add(login.Subject) is > 0 and var names) Count(AttackKind.FailureSurge, login.At, bucket, names);
        switch (login.Pattern)
        {
            case FleetPattern.Guess: Count(AttackKind.BruteForce, login.At, bucket, 1); break;
            case FleetPattern.GuessFromMany: Count(AttackKind.DistributedBruteForce, login.At, bucket, 1); break;
            case FleetPattern.NameOfMany or FleetPattern.Scattered when _memory.Failing.Add(~login.Subject) is > 0 and var strange:
                if (login.IsUnknownName) _memory.Recent[RecentCounts.UnknownNames, bucket] += strange;
                Count(login.Pattern == FleetPattern.NameOfMany ? AttackKind.PasswordSpray : AttackKind.NetworkSpray, login.At, bucket, strange);
                if (IsStuffing) Count(AttackKind.CredentialStuffing, login.At, bucket, strange);
                break;
        }
    }

    /// <summary>Writes the periods that are open or ended last, newest first.</summary>
    /// <param name="room">At least <see cref="MostPeriods"/>.</param>
    /// <returns>How many there are.</returns>
    public int CopyPeriods(Span<AttackPeriod> room)
    {
        var count = 0;
        foreach (ref readonly var series in _memory.Series)
        {
            if (series.Period is { Number: > 0, IsOpen: true }) room[count++] = series.Period;
        }

        foreach (ref readonly var ended in _memory.Ended)
        {
            if (ended.Number > 0) room[count++] = ended;
        }

        room[..count].Sort((one, other) => other.Number.CompareTo(one.Number));
        return count;
    }

    /// <summary>The most periods there are to read.</summary>
    public const int MostPeriods = FleetSeriesList.Kinds + FleetMemory.KeptPeriods;

    /// <summary>Takes what is stored; anything else than a monitor of this form has seen nothing.</summary>
    public void Load(ReadOnlySpan<byte> stored)
    {
        Changes.Clear();
        var isOurs = stored.Length == StoredLength && BinaryPrimitives.ReadUInt32LittleEndian(stored) == Form;
        _memory = isOurs ? MemoryMarshal.Read<FleetMemory>(stored[sizeof(uint)..]) : default;
        if (!_memory.IsSound) _memory = default;
    }

    /// <summary>Writes <see cref="StoredLength"/> bytes.</summary>
    public void Save(Span<byte> room)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, Form);
        MemoryMarshal.Write(room[sizeof(uint)..], _memory);
    }

    public void CopyFrom(FleetMonitor other)
    {
        _memory = other._memory;
        Changes.Clear();
    }

    private bool IsStuffing
    {
        get
        {
            var names = _memory.Series[(int)AttackKind.PasswordSpray].InAnHour + _memory.Series[(int)AttackKind.NetworkSpray].InAnHour;
            return names >= StuffingNames && _memory.Recent.Sum(RecentCounts.UnknownNames, _memory.Bucket, RecentCounts.BucketsAnHour) >= StuffingShare * names;
        }
    }

    private void Count(int series, uint bucket, float amount)
    {
        _memory.Recent[series, bucket] += amount;
        var age = _memory.Bucket - bucket;
        ref var counted = ref _memory.Series[series];
        if (age < RecentCounts.BucketsAnHour) counted.InAnHour += amount;
        if (age < 2) counted.Lately += amount;
    }

    private void Count(AttackKind kind, uint at, uint bucket, float amount)
    {
        Count((int)kind, bucket, amount);
        ref var series = ref _memory.Series[(int)kind];
        if (!IsOpen(kind))
        {
            if (!series.IsSpike) return;
            Begin(kind, at);
        }

        ref var period = ref series.Period;
        period.LastSeen = Math.Max(period.LastSeen, at);
        period.Total += amount;
        if (series.InAnHour <= period.Peak) return;
        (period.Peak, period.Expected) = (series.InAnHour, series.Usual);
    }

    private bool IsOpen(AttackKind kind) => (_memory.Open & kind.AsSet()) != AttackKinds.None;

    private void Begin(AttackKind kind, uint at)
    {
        ref var series = ref _memory.Series[(int)kind];
        series.Period = new AttackPeriod { Number = ++_memory.Periods, Kind = kind, Start = at, LastSeen = at, Peak = series.InAnHour, Expected = series.Usual };
        series.CalmFor = 0;
        _memory.Open |= kind.AsSet();
        Changes.Add(series.Period);
    }

    private void EndAll()
    {
        for (var kind = AttackKind.BruteForce; kind <= AttackKind.FailureSurge; kind++)
        {
            _memory.Series[(int)kind].Rise = 0;
            if (IsOpen(kind)) End(kind, AttackPhase.Ended);
        }
    }

    private void End(AttackKind kind, AttackPhase phase)
    {
        ref var series = ref _memory.Series[(int)kind];
        series.Period.Phase = phase;
        _memory.Open &= ~kind.AsSet();
        _memory.Ended[(int)(series.Period.Number % FleetMemory.KeptPeriods)] = series.Period;
        Changes.Add(series.Period);
    }
}
