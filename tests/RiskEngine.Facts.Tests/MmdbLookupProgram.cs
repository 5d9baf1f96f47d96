using System.Diagnostics;
using RiskEngine.Core.Events;

namespace RiskEngine.Facts.Tests;

/// <summary>MaxMind's program <c>mmdblookup</c> (Debian package mmdb-bin), started once for every address as a person would, by a loop in the shell.</summary>
internal static class MmdbLookupProgram
{
    private const string Loop = """while read -r address; do echo "@$address"; mmdblookup --file "$1" --ip "$address" < /dev/null 2> /dev/null; done""";

    public static bool IsPresent { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "mmdblookup")));

    /// <summary>What it prints of each address, in order: values by key; null where it finds none.</summary>
    public static IEnumerable<(string Address, Dictionary<string, string>? Record)> Find(string database, IReadOnlyList<IpAddress> addresses)
    {
        var start = new ProcessStartInfo("sh", ["-c", Loop, "sh", database]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var shell = Process.Start(start)!;
        var asking = Task.Run(() =>
        {
            foreach (var address in addresses) shell.StandardInput.WriteLine(address.ToString());
            shell.StandardInput.Close();
        });

        (string Address, Dictionary<string, string>? Record)? current = null;
        var key = "";
        while (shell.StandardOutput.ReadLine() is { } line)
        {
            var text = line.Trim();
            if (line.StartsWith('@'))
            {
                if (current is { } done) yield return done;
                current = (line[1..], null);
            }
            else if (text == "{")
            {
                current = current!.Value with { Record = [] };
            }
            else if (text.StartsWith('"') && text.EndsWith("\":", StringComparison.Ordinal))
            {
                key = text[1..^2];
            }
            else if (text.LastIndexOf(" <", StringComparison.Ordinal) is > 0 and var type)
            {
                current!.Value.Record![key] = text[0] == '"' ? text[1..(type - 1)] : text[..type];
            }
        }

        if (current is { } last) yield return last;
        asking.GetAwaiter().GetResult();
    }
}
