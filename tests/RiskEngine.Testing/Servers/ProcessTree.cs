using System.Globalization;

namespace RiskEngine.Testing.Servers;

/// <summary>What a process and all that it started have used of the processor, as Linux tells it in <c>/proc</c> (proc(5)), those of its children that ended included.</summary>
public static class ProcessTree
{
    /// <summary>A tick of <c>/proc/PID/stat</c>: a hundredth of a second on every architecture that .NET runs on.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>User and kernel time since the start; nothing for a process that is gone.</summary>
    public static TimeSpan ProcessorTime(int process)
    {
        var parents = new Dictionary<int, (int Parent, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Read(id) is { } read) parents[id] = read;
        }

        return parents.Where(entry => IsBelow(entry.Key)).Aggregate(TimeSpan.Zero, (sum, entry) => sum + (entry.Value.Ticks * Tick));

        bool IsBelow(int id)
        {
            while (id != process)
            {
                if (!parents.TryGetValue(id, out var entry) || entry.Parent == id) return false;
                id = entry.Parent;
            }

            return true;
        }
    }

    private static (int Parent, long Ticks)? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name of the program stands in brackets and may hold anything.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
