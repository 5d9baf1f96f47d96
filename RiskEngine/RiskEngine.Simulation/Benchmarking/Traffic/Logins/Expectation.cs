using RiskEngine.Simulation.Benchmarking.Traffic.Devices;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>Probabilities of a subject's next login, given its history and nothing else of the subject: the best anybody could know.</summary>
internal readonly ref struct Expectation(Habits habits, ReadOnlySpan<LoginRow> past, long time, MobilityBelief belief)
{
    private readonly ReadOnlySpan<LoginRow> _past = past;

    public ReadOnlySpan<LoginRow> Past => _past;

    public long Time => time;

    public Habits Habits => habits;

    public bool IsFirst => _past.IsEmpty;

    /// <summary>Gets the time since the last login. Meaningless for the first.</summary>
    public double GapSeconds => Habits.Seconds(_past, time);

    public double OfAddress(in LoginShown shown)
    {
        if (IsFirst) return habits.World.Density(shown.Network, shown.Host);
        var echo = EchoOf(shown);
        double sum = 0;
        for (var kind = 0; kind < Mobility.Kinds; kind++) sum += belief[kind] * OfAddress(shown, echo, kind);
        return sum;
    }

    public double OfNetwork(in LoginShown shown) => IsFirst ? habits.World.Share(shown.Network) : Level(EchoOf(shown).Network, habits.World.Share(shown.Network));

    public double OfCountry(in LoginShown shown)
    {
        var share = habits.World.CountryShare(habits.World.Networks[shown.Network].Country);
        return IsFirst ? share : Level(EchoOf(shown).Country, share);
    }

    public double OfDevice(in LoginShown shown)
    {
        if (!IsFirst) return habits.OfDevice(EchoOf(shown), shown, _past, time);
        return DeviceCatalog.Models[shown.Model].Share * habits.Versions.Density(shown.Model, shown.Version, time);
    }

    /// <summary>The belief after the login.</summary>
    public MobilityBelief After(in LoginShown shown)
    {
        if (IsFirst) return belief;
        var echo = EchoOf(shown);
        return belief.Given(OfAddress(shown, echo, 0), OfAddress(shown, echo, 1), OfAddress(shown, echo, 2));
    }

    private Echo EchoOf(in LoginShown shown) => Echo.Of(shown, _past, habits.World.Networks);

    private double OfAddress(in LoginShown shown, in Echo echo, int kind) =>
        habits.OfAddress(echo, shown.Network, shown.Host, Mobility.NewLease(kind, GapSeconds), Mobility.NewNetwork(kind));

    private double Level(double echo, double share)
    {
        double sum = 0;
        for (var kind = 0; kind < Mobility.Kinds; kind++)
        {
            var fresh = Mobility.NewLease(kind, GapSeconds) * Mobility.NewNetwork(kind);
            sum += belief[kind] * (((1 - fresh) * echo) + (fresh * share));
        }

        return sum;
    }
}
