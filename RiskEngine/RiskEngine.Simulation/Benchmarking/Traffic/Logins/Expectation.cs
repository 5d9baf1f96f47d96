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

    /// <summary>How likely each part of a login is.</summary>
    public Likelihoods Of(in LoginShown shown)
    {
        var world = habits.World;
        var share = world.Share(shown.Network);
        var countryShare = world.CountryShare(world.Networks[shown.Network].Country);
        if (IsFirst)
        {
            var device = DeviceCatalog.Models[shown.Model].Share * habits.Versions.Density(shown.Model, shown.Version, time);
            return new Likelihoods(world.Density(shown.Network, shown.Host), share, countryShare, device);
        }

        var echo = EchoOf(shown);
        double address = 0, fresh = 0;
        for (var kind = 0; kind < Mobility.Kinds; kind++)
        {
            address += belief[kind] * OfAddress(shown, echo, kind);
            fresh += belief[kind] * Mobility.NewLease(kind, GapSeconds) * Mobility.NewNetwork(kind);
        }

        return new Likelihoods(
            address, ((1 - fresh) * echo.Network) + (fresh * share), ((1 - fresh) * echo.Country) + (fresh * countryShare), habits.OfDevice(echo, shown, _past, time));
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
}
