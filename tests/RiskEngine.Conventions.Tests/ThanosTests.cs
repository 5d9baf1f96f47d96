using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>The same parts by systemd and by Compose, and every flag of theirs has its place in the documentation.</summary>
public sealed partial class ThanosTests
{
    /// <summary>Flags whose values are addresses, which differ between machines and containers.</summary>
    private static readonly string[] Addresses =
        ["--http-address", "--grpc-address", "--web.listen-address", "--endpoint", "--query", "--prometheus.url", "--alert.query-url", "--alertmanagers.url"];

    private static readonly string[] Parts = ["prometheus", "sidecar", "store", "compact", "query", "rule"];

    [Fact]
    public void Compose_and_units_give_every_part_the_same_flags()
    {
        foreach (var part in Parts)
        {
            var unit = Comparable(FlagsOfUnit(part));
            Assert.NotEmpty(unit);
            Assert.Equal(unit, Comparable(FlagsOfService(part)));
        }
    }

    [Fact]
    public void Every_flag_stands_in_the_table_of_the_documentation()
    {
        var rows = Row().Matches(Repository.Read("docs/observability.md")).ToLookup(row => row.Groups["part"].Value.ToLowerInvariant(), row => row.Groups["flags"].Value);
        Faults.AssertNone(
            from part in Parts
            from flag in FlagsOfUnit(part).Select(Name).Distinct()
            where !rows[part].Any(flags => flags.Contains($"`{flag}`", StringComparison.Ordinal))
            select $"{part}: {flag}");
        Faults.AssertNone(
            from part in Parts
            from row in rows[part]
            from Match flag in Named().Matches(row)
            where !FlagsOfUnit(part).Select(Name).Contains(flag.Value)
            select $"{part}: {flag.Value} is documented and not used");
    }

    /// <summary>Thanos makes 5-minute data of 40 hours and more, and 1-hour data of ten days and more.</summary>
    [Fact]
    public void Nothing_is_removed_before_something_coarser_was_made_of_it()
    {
        var days = FlagsOfUnit("compact").Where(flag => flag.StartsWith("--retention.", StringComparison.Ordinal))
            .ToDictionary(Name, flag => int.Parse(Number().Match(flag).Groups["count"].Value) * (flag.EndsWith('y') ? 365 : 1));
        Assert.InRange(days["--retention.resolution-raw"], 3, days["--retention.resolution-5m"]);
        Assert.InRange(days["--retention.resolution-5m"], 11, days["--retention.resolution-1h"]);
    }

    private static string[] Comparable(IEnumerable<string> flags) => [.. flags.Select(flag => Addresses.Contains(Name(flag)) ? Name(flag) : flag).Order(StringComparer.Ordinal)];

    private static string Name(string flag) => flag.Split('=')[0];

    private static string[] FlagsOfUnit(string part) =>
        Flags(Repository.Read($"deploy/thanos/units/{(part == "prometheus" ? part : $"thanos-{part}")}.service"));

    // Where a service begins two spaces in, its text ends with the next line that is no further in; the pair shares the flags of the anchor above.
    private static string[] FlagsOfService(string part)
    {
        var compose = Repository.Read("deploy/thanos/compose.yml");
        if (part == "prometheus") return Flags(compose[..compose.IndexOf("\nservices:", StringComparison.Ordinal)]);
        var service = Regex.Match(compose, $@"^  {part}(?:-a)?:\n(?:(?:    .*)?\n)+", RegexOptions.Multiline);
        Assert.True(service.Success, part);
        return Flags(service.Value);
    }

    private static string[] Flags(string text) => [.. Flag().Matches(text).Select(match => match.Groups["flag"].Value)];

    [GeneratedRegex(@"^\s+(?:- )?'?(?<flag>--[^\s'\\]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Flag();

    [GeneratedRegex(@"^\| (?<part>\w+) \| (?<flags>`--[^|]*) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("--[a-z0-9.-]+")]
    private static partial Regex Named();

    [GeneratedRegex("=(?<count>[0-9]+)[dy]$", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
