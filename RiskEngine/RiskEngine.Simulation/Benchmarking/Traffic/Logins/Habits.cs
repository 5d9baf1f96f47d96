using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>How honest people log in: the law by which the next login follows from those before it, to draw from and to ask.</summary>
/// <remarks>
/// A first login draws its network by population share, a lease there, and a device by share. A later one follows an earlier login of the subject
/// (<see cref="Echo"/>): the same address, or, by <see cref="Mobility"/>, a new lease, which is in the same /24 in a third of the cases, anywhere in the same
/// network, or in a network drawn anew. The device is one that an earlier login showed, or by θ / (θ + n) a new one: two at thirty logins (the Blackwell and
/// MacQueen urn, Annals of Statistics 1973). All of it depends on what earlier logins showed and on a mobility that can be summed over, so that the
/// probability of a login given the history is exact; and each login, seen alone, has the law of a first one, which is what an attacker who borrows a
/// random other person's login draws from. Immutable; safe for concurrent use.
/// </remarks>
internal sealed class Habits(BenchmarkWorld world, IVersionProcess versions)
{
    private const double SameBlock = 0.35;
    private const double NewDevices = 0.45;

    public BenchmarkWorld World => world;

    public IVersionProcess Versions => versions;

    /// <summary>The law of a login of somebody nothing is known of.</summary>
    public LoginShown DrawFirst(long time, SeededRandom random)
    {
        var network = world.Draw(random);
        var model = DeviceCatalog.Draw(random);
        return new LoginShown(network, world.Networks[network].Lease(random), model, versions.Draw(model, time, random));
    }

    /// <param name="past">All logins of the subject before; not empty.</param>
    public (LoginShown Shown, bool IsFreshLease) DrawNext(ReadOnlySpan<LoginRow> past, long time, int mobility, SeededRandom random)
    {
        ref readonly var followed = ref past[Echo.Pick(past.Length, random)];
        var (network, host) = (followed.Shown.Network, followed.Shown.Host);
        var isFresh = random.Chance(Mobility.NewLease(mobility, Seconds(past, time)));
        if (isFresh)
        {
            if (random.Chance(Mobility.NewNetwork(mobility))) (network, host) = FreshNetwork(random);
            else if (random.Chance(SameBlock)) host = world.Networks[network].LeaseIn(BenchmarkNetwork.BlockOf(host), random);
            else host = world.Networks[network].Lease(random);
        }

        var (model, version) = DrawDevice(past, time, random);
        return (new LoginShown(network, host, model, version), isFresh);
    }

    /// <summary>What is expected of a subject's next login.</summary>
    public Expectation Expect(ReadOnlySpan<LoginRow> past, long time, MobilityBelief belief) => new(this, past, time, belief);

    /// <summary>Probability of network and address for one kind of mobility.</summary>
    internal double OfAddress(in Echo echo, int network, int host, double renewal, double newNetwork)
    {
        var home = world.Networks[network];
        var lease = home.Density(host);
        var sameBlock = echo.Block * home.DensityInBlock(host);
        var stays = (SameBlock * sameBlock) + ((1 - SameBlock) * echo.Network * lease);
        return ((1 - renewal) * echo.Host) + (renewal * (((1 - newNetwork) * stays) + (newNetwork * world.Share(network) * lease)));
    }

    /// <summary>Probability of the device with its versions.</summary>
    internal double OfDevice(in Echo echo, in LoginShown shown, ReadOnlySpan<LoginRow> past, long time)
    {
        var fresh = NewDevices / (NewDevices + past.Length);
        var model = (fresh * DeviceCatalog.Models[shown.Model].Share) + ((1 - fresh) * echo.Model);
        for (var i = past.Length - 1; i >= 0; i--)
        {
            ref readonly var row = ref past[i];
            if (row.Shown.Model == shown.Model) return model * versions.NextDensity(shown.Model, shown.Version, row.Shown.Version, row.Time, time);
        }

        return model * versions.Density(shown.Model, shown.Version, time);
    }

    internal static double Seconds(ReadOnlySpan<LoginRow> past, long time) => (time - past[^1].Time) / 1000.0;

    private (int Network, int Host) FreshNetwork(SeededRandom random)
    {
        var network = world.Draw(random);
        return (network, world.Networks[network].Lease(random));
    }

    private (int Model, DeviceVersion Version) DrawDevice(ReadOnlySpan<LoginRow> past, long time, SeededRandom random)
    {
        var model = random.Chance(NewDevices / (NewDevices + past.Length)) ? DeviceCatalog.Draw(random) : past[Echo.Pick(past.Length, random)].Shown.Model;
        for (var i = past.Length - 1; i >= 0; i--)
        {
            if (past[i].Shown.Model == model) return (model, versions.Next(model, past[i].Shown.Version, past[i].Time, time, random));
        }

        return (model, versions.Draw(model, time, random));
    }
}
