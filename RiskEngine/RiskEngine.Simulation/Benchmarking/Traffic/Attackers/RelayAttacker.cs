using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>The family <c>blind</c>: a phishing site in the middle that passes the victim's login on as it is typed.</summary>
/// <remarks>
/// The site takes care to come from the victim's country: six in ten through a hosting network there, the others through a line at home or another exit
/// that it rents. Six in ten sites pass on the victim's own user agent; the others drive a current Chrome on Windows or Linux.
/// </remarks>
internal sealed class RelayAttacker(Habits habits) : IAttacker
{
    private const double FromHosting = 0.6;
    private const double PassesOn = 0.6;

    private static readonly int[] Driven = [.. new[] { OsFamily.Windows, OsFamily.Linux }.Select(os =>
        Array.FindIndex(DeviceCatalog.Models, model => model.Type == "desktop" && model.Browser == BrowserFamily.Chrome && model.Os == os))];

    private readonly int[][] _hosting = [.. Enumerable.Range(0, BenchmarkWorld.Countries.Length).Select(country =>
        Enumerable.Range(0, habits.World.Networks.Count)
            .Where(i => habits.World.Networks[i].Country == country && habits.World.Networks[i].Kind == NetworkKind.Hosting).ToArray())];

    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random)
    {
        var replaced = victim.Replaced.Shown;
        var country = habits.World.Networks[replaced.Network].Country;
        var network = random.Chance(FromHosting) ? random.Pick(_hosting[country]) : habits.World.DrawIn(country, random);
        var host = habits.World.Networks[network].Lease(random);
        if (random.Chance(PassesOn)) return replaced with { Network = network, Host = host };
        var model = random.Pick(Driven);
        return new LoginShown(network, host, model, habits.Versions.Draw(model, victim.Expected.Time, random));
    }

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest)
    {
        var network = habits.World.Networks[shown.Network];
        var within = (1 - FromHosting) * habits.World.Share(shown.Network) / habits.World.CountryShare(network.Country);
        if (network.Kind == NetworkKind.Hosting) within += FromHosting / _hosting[network.Country].Length;
        var device = PassesOn * honest.Device;
        if (Driven.Contains(shown.Model)) device += (1 - PassesOn) / Driven.Length * BorrowedDevice.Versions(victim, shown);
        return honest.Country * within * network.Density(shown.Host) * device;
    }
}
