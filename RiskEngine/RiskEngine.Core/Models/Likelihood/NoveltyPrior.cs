namespace RiskEngine.Core.Models;

/// <summary>How often honest people bring something new, before a fleet has shown its own: the table that a <see cref="NoveltyTable"/> starts from.</summary>
/// <remarks>
/// New addresses by the time since the last login are the shares published for the RBA data set (Wiefling, Jørgensen, Thunem, Lo Iacono, "Pump Up
/// Password Security!", ACM TOPS 26(1), 2022; full-file scans of its successful logins): 2.4 % under a minute to 76 % after a month, and of all
/// logins 8.5 % from a new country or system. What user agents do there is an artefact of its making; the shares here are of browsers that update
/// about monthly. How a new address splits by the length of the history is our own estimate, by Good and Turing's rule that novelty falls with
/// what was seen.
/// </remarks>
internal static class NoveltyPrior
{
    private static ReadOnlySpan<float> NewAddress => [0.024f, 0.054f, 0.12f, 0.223f, 0.351f, 0.539f, 0.72f, 0.82f];

    /// <summary>Chance that a browser was updated meanwhile, by the time since the last login: about once a month.</summary>
    private static ReadOnlySpan<float> NewVersion => [0.002f, 0.003f, 0.006f, 0.015f, 0.06f, 0.3f, 0.6f, 0.7f];

    /// <summary>Chance of a browser or machine not seen before, by the length of the history: most people have two or three.</summary>
    private static ReadOnlySpan<float> NewMachine => [0.5f, 0.35f, 0.2f, 0.08f, 0.025f];

    /// <summary>What the time since the last login does to that.</summary>
    private static ReadOnlySpan<float> MachineByGap => [0.15f, 0.35f, 0.7f, 1, 1, 1.2f, 1.5f, 1.8f];

    /// <summary>How much more often a new machine is met at a new place than each by itself would have it: the telephone on its carrier.</summary>
    private const float Together = 3;

    /// <summary>Chance of a place not seen before while a subject's places are being learnt, by the length of the history.</summary>
    private static ReadOnlySpan<float> EarlyAddress => [0.5f, 0.4f, 0.25f, 0.12f, 0];

    /// <summary>Of new addresses, those in the same network, system, country, and abroad, by length of history.</summary>
    private static ReadOnlySpan<float> Places =>
    [
        0.05f, 0.45f, 0.42f, 0.08f,
        0.06f, 0.52f, 0.35f, 0.07f,
        0.08f, 0.63f, 0.24f, 0.05f,
        0.11f, 0.74f, 0.11f, 0.04f,
        0.12f, 0.77f, 0.08f, 0.03f,
    ];

    public static float Network(int gap, int history, NetworkNovelty level)
    {
        var isNew = MathF.Max(NewAddress[gap], EarlyAddress[history] * MathF.Min(MachineByGap[gap], 1));
        return level == NetworkNovelty.Address ? 1 - isNew : isNew * Places[(history * 4) + (int)level - (int)NetworkNovelty.Network];
    }

    public static float Device(int gap, int history, DeviceNovelty level)
    {
        var machine = NewMachine[history] * MachineByGap[gap];
        return level switch
        {
            DeviceNovelty.UserAgent => (1 - machine) * (1 - NewVersion[gap]),
            DeviceNovelty.Platform => (1 - machine) * NewVersion[gap],
            DeviceNovelty.Os => machine * 0.35f,
            _ => machine * 0.65f,
        };
    }

    /// <summary>How much likelier a place and a device are together than each by itself, before the whole is brought to 1.</summary>
    public static float Affinity(NetworkNovelty place, DeviceNovelty device) => place > NetworkNovelty.Network && device > DeviceNovelty.Platform ? Together : 1;
}
