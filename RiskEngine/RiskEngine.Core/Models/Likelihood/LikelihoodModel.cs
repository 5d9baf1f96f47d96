using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>How much likelier a login is from an attacker than from its subject, by place and device.</summary>
/// <remarks>
/// <para>
/// After Freeman, Jain, Dürmuth, Biggio, Giacinto, "Who Are You? A Statistical Approach to Measuring User Authenticity", NDSS 2016: the ratio of
/// p(login | attacker) to p(login | subject), over a hierarchy of address, network, autonomous system, country and of user agent, platform, operating
/// system. What differs: the subject's side is the chance that it brings something that new, given the time since its last login and how much is known
/// of it, measured on the fleet (<see cref="NoveltyTable"/>) and moved by the subject's own record of novelty; so one threshold serves long and
/// short histories, and a new address after a month is ordinary while one after a minute is not. The attackers' side is a mixture
/// (<see cref="LikelihoodSettings"/>) of attackers who know little or much of their victim.
/// </para>
/// <para>
/// A place that is farther never says less, whatever the shares of the two, of two new systems where they are as rare: what a place says is at most the
/// least that a farther one would say (<see cref="AttackMixture"/>). Pure, allocates nothing; immutable and safe for concurrent use.
/// </para>
/// </remarks>
public sealed class LikelihoodModel(LikelihoodSettings settings)
{
    /// <summary>Imaginary logins that go as the fleet expects, against which a subject's own record is weighed.</summary>
    private const float RecordPrior = 3;

    private const float MostPersonal = 4, Least = AttackMixture.Smallest, Surprise = 0.0005f;

    private readonly float _weight = (float)settings.Weight;
    private readonly float[] _shares = Normalised(settings);

    /// <summary>Judges one login against the subject's history and the fleet.</summary>
    /// <param name="history">Accepted logins, oldest first.</param>
    /// <param name="logins">Accepted logins in all, also those that the history has dropped.</param>
    /// <param name="placeSaysSomething">See <see cref="LoginNovelty.Of"/>.</param>
    public LoginLikelihood Judge(
        ReadOnlySpan<PastLogin> history, uint logins, in HistorySummary summary, in PastLogin login, in FleetShares shares, NoveltyTable table, bool placeSaysSomething)
    {
        var novelty = LoginNovelty.Of(summary, login, placeSaysSomething);
        if (history.IsEmpty) return new LoginLikelihood(novelty, 0, 0, 0, 0, 0, FirstTail: placeSaysSomething && login.Asn != 0 ? table.FirstRarity.Tail(shares.Asn) : 1);
        var gap = Gap(history[Math.Max(summary.Previous, 0)].At, login.At);
        if (novelty is { Nearest: NetworkNovelty.Unknown, Device: DeviceNovelty.Unknown }) return new LoginLikelihood(novelty, 0, 0, 0, 0, gap);

        var own = new OwnChances(table.Chances(NoveltyTable.CellOf(gap, logins)), Record(history, logins, table));
        var attack = new AttackMixture(_shares, summary, shares, table.Rarity.Tail(shares.Asn), novelty);
        Span<float> byPlace = stackalloc float[6];
        var least = float.PositiveInfinity;
        for (var place = NetworkNovelty.Abroad; place >= NetworkNovelty.Address; place--)
        {
            least = MathF.Min(least, MathF.Log(attack.Of(place) / own.Of(place)));
            byPlace[(int)place] = least;
        }

        var (address, asn, country) = Split(novelty.Nearest, byPlace);
        return new LoginLikelihood(novelty, _weight * address, _weight * asn, _weight * country, _weight * Device(novelty, own, attack), gap, own.Of(novelty.Nearest), own.Of(novelty.Nearest, novelty.Device));
    }

    /// <summary>The cell of the table that a login is counted in.</summary>
    public static int CellOf(ReadOnlySpan<PastLogin> history, uint logins, in HistorySummary summary, in PastLogin login) =>
        NoveltyTable.CellOf(Gap(history[Math.Max(summary.Previous, 0)].At, login.At), logins);

    private static uint Gap(uint before, uint now) => now >= before ? now - before : before - now;

    private static (float Address, float Asn, float Country) Split(NetworkNovelty place, ReadOnlySpan<float> byPlace)
    {
        if (place <= NetworkNovelty.System) return (place == NetworkNovelty.Unknown ? 0 : byPlace[(int)place], 0, 0);

        // Whoever moves so often that a new system speaks for him is not praised for it.
        var address = MathF.Max(byPlace[(int)NetworkNovelty.System], 0);
        var asn = MathF.Max(byPlace[(int)NetworkNovelty.Country], 0);
        return (address, asn - address, place == NetworkNovelty.Abroad ? MathF.Max(byPlace[(int)place], 0) - asn : 0);
    }

    /// <summary>What the device adds to the ratio, given the place.</summary>
    private static float Device(in LoginNovelty novelty, in OwnChances own, in AttackMixture attack)
    {
        var (place, device) = (novelty.Nearest, novelty.Device);
        if (device == DeviceNovelty.Unknown) return 0;
        if (place == NetworkNovelty.Unknown) return MathF.Log(attack.Of(device) / own.Of(device));
        return MathF.Log(attack.Of(place, device) * own.Of(place) / (own.Of(place, device) * attack.Of(place)));
    }

    /// <summary>How much more novelty the subject brought so far than the fleet does in its cells, from a quarter to four times.</summary>
    private static (float Place, float System, float Device) Record(ReadOnlySpan<PastLogin> history, uint logins, NoveltyTable table)
    {
        float place = RecordPrior, system = RecordPrior, device = RecordPrior;
        float expectedPlace = RecordPrior, expectedSystem = RecordPrior, expectedDevice = RecordPrior;
        for (var i = 1; i < history.Length; i++)
        {
            var packed = history[i].Novelty;
            if (packed == 0) continue;
            ref readonly var chances = ref table.Chances(NoveltyTable.CellOf(Gap(history[i - 1].At, history[i].At), (uint)(logins - history.Length + i)));
            if (LoginNovelty.NetworkIn(packed) is var level and not NetworkNovelty.Unknown)
            {
                expectedPlace += chances.NewPlace;
                expectedSystem += chances.NewSystem;
                if (level > NetworkNovelty.Address) place++;
                if (level >= NetworkNovelty.Country) system++;
            }

            if (LoginNovelty.DeviceIn(packed) is var seen and not DeviceNovelty.Unknown)
            {
                expectedDevice += chances.NewDevice;
                if (seen > DeviceNovelty.UserAgent) device++;
            }
        }

        return (Bounded(place / expectedPlace), Bounded(system / expectedSystem), Bounded(device / expectedDevice));
    }

    private static float Bounded(float factor) => Math.Clamp(factor, 1 / MostPersonal, MostPersonal);

    private static float[] Normalised(LikelihoodSettings settings)
    {
        double[] given =
        [
            settings.Anywhere, settings.SameCountry, settings.CopiedInSystem, settings.CopiedInCountry, settings.CopiedAnywhere, settings.RareNetwork, settings.SamePlace,
        ];
        var sum = given.Sum();
        return [.. given.Select(share => sum > 0 ? (float)(share / sum) : 1f / AttackMixture.Kinds)];
    }

    /// <summary>The chances of a cell, moved by the subject's own record and summing to 1 again.</summary>
    private readonly ref struct OwnChances
    {
        private readonly Grid _grid;

        public OwnChances(in CellChances chances, (float Place, float System, float Device) record)
        {
            var sum = 0f;
            for (var place = NetworkNovelty.Address; place <= NetworkNovelty.Abroad; place++)
            {
                var factor = place == NetworkNovelty.Address ? 1 : place < NetworkNovelty.Country ? record.Place : record.System;
                for (var device = DeviceNovelty.UserAgent; device <= DeviceNovelty.Unseen; device++)
                {
                    var chance = chances[place, device] * factor * (device == DeviceNovelty.UserAgent ? 1 : record.Device);
                    _grid[Index(place, device)] = chance;
                    sum += chance;
                }
            }

            // Of people one never knows all: each thing happens once in two thousand logins, whatever was seen.
            for (var i = 0; i < 20; i++) _grid[i] = ((1 - (20 * Surprise)) * _grid[i] / sum) + Surprise;
        }

        /// <summary>The chance of a place and a device; of one of them where the other is unknown.</summary>
        public float Of(NetworkNovelty place, DeviceNovelty device) =>
            place == NetworkNovelty.Unknown ? Of(device) : device == DeviceNovelty.Unknown ? Of(place) : MathF.Max(_grid[Index(place, device)], Least);

        public float Of(NetworkNovelty place)
        {
            if (place == NetworkNovelty.Unknown) return 1;
            var sum = 0f;
            for (var device = DeviceNovelty.UserAgent; device <= DeviceNovelty.Unseen; device++) sum += _grid[Index(place, device)];
            return MathF.Max(sum, Least);
        }

        public float Of(DeviceNovelty device)
        {
            if (device == DeviceNovelty.Unknown) return 1;
            var sum = 0f;
            for (var place = NetworkNovelty.Address; place <= NetworkNovelty.Abroad; place++) sum += _grid[Index(place, device)];
            return MathF.Max(sum, Least);
        }

        private static int Index(NetworkNovelty place, DeviceNovelty device) => (((int)place - 1) * 4) + (int)device - 1;
    }

    [InlineArray(20)]
    private struct Grid
    {
        private float _first;
    }
}
