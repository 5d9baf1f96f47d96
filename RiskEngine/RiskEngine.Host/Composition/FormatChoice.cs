using RiskEngine.Collectors.Formats;
using RiskEngine.Collectors.Mapped;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Composition;

/// <summary>A format as it was asked for: <c>auto</c>, a name, or <c>mapped:FILE</c> with the mapping that was read from the file.</summary>
internal sealed record FormatChoice(string Name, EventMapping? Mapping)
{
    private const string Prefix = MappedFormat.FormatName + ":";

    /// <summary>Reads the mapping file where one is named.</summary>
    /// <returns>Null, and the faults, where the file is no mapping. A name that nobody knows is for the collector to refuse.</returns>
    public static (FormatChoice? Choice, IReadOnlyList<ConfigurationFault> Faults) Load(string format)
    {
        if (!format.StartsWith(Prefix, StringComparison.Ordinal)) return (new FormatChoice(format, null), []);
        var (mapping, faults) = MappingReader.Load(format[Prefix.Length..]);
        return (mapping is null ? null : new FormatChoice(MappedFormat.FormatName, mapping), faults);
    }

    /// <summary>Why there is no such format, or null.</summary>
    public static string? Refusal(string? format)
    {
        if (format == "auto" || EventFormats.Names.Contains(format) || (format?.Length > Prefix.Length && format.StartsWith(Prefix, StringComparison.Ordinal))) return null;
        return $"there is no format \"{format}\"; there are auto, {string.Join(", ", EventFormats.Names)}, mapped:FILE";
    }
}
