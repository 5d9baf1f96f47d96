using System.Diagnostics.CodeAnalysis;
using RiskEngine.Collectors.Mapped;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>The formats there are. A new one is one file and one entry here.</summary>
public static class EventFormats
{
    private static readonly (string Name, Func<FormatContext, IEventFormat> Create)[] All =
    [
        ("riskengine", context => new RiskEngineFormat(context)),
        ("authentik", context => new AuthentikFormat(context)),
        ("keycloak", context => new KeycloakFormat(context)),
        ("rba", context => new RbaFormat(context)),
        ("sshd", context => new SshdFormat(context)),
    ];

    /// <summary>Gets the names that <c>--format</c> takes beside <c>auto</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>Makes a format for one stream.</summary>
    /// <returns>False where there is none of that name; <c>mapped</c> is there only with a mapping in the context.</returns>
    public static bool TryCreate(string name, FormatContext context, [NotNullWhen(true)] out IEventFormat? format)
    {
        format = name == MappedFormat.FormatName && context.Mapping is { } mapping
            ? new MappedFormat(context, mapping)
            : Array.Find(All, entry => entry.Name == name).Create?.Invoke(context);
        return format is not null;
    }
}
