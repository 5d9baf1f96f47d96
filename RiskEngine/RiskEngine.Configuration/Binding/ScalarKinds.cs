using System.Globalization;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Binding;

/// <summary>A kind of single value: how it is called and how it is read.</summary>
/// <param name="Expected">What a fault says is expected.</param>
/// <param name="Read">The value, or what is wrong with it; both null where it is simply not of this kind.</param>
internal sealed record ScalarKind(string Expected, Func<ScalarNode, (object? Value, string? Error)> Read);

/// <summary>Every kind of single value that settings may have. A new type of setting is one more line here.</summary>
internal static class ScalarKinds
{
    private static readonly Dictionary<Type, ScalarKind> Kinds = new()
    {
        [typeof(string)] = new("a text", scalar => (scalar.Value, null)),
        [typeof(bool)] = Plain("true or false", text => text switch { "true" => true, "false" => false, _ => null }),
        [typeof(int)] = Plain("a whole number", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null),
        [typeof(long)] = Plain("a whole number", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null),
        [typeof(uint)] = Plain("a number from 0 to 4294967295", text => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null),
        [typeof(double)] = Plain("a number", text => TryReadNumber(text, out var value) ? value : null),
        [typeof(float)] = Plain("a number", text => TryReadNumber(text, out var value) ? (float)value : null),
        [typeof(TimeSpan)] = Checked("a duration such as 90s, 4h, 1h30m or 7d", text => (Durations.TryParse(text, out var value, out var error) ? value : null, error)),
        [typeof(UtcOffset)] = Checked("an offset from UTC such as +02:00", text => (UtcOffset.TryParse(text, out var value) ? value : null, null)),
        [typeof(EventTime)] = Checked("a day or a time", text => (TimeLiteral.TryDayOrTimestamp(text, out var value, out var error) ? value : null, error)),
        [typeof(Uri)] = new("an address such as http://127.0.0.1:8080", scalar => (ReadUri(scalar.Value), null)),
        [typeof(CountryCode)] = Checked("a country code", text => (Countries.TryParse(text, out var value, out var error) ? value : null, error)),
        [typeof(AddressPrefix)] = Checked("a network", text => (Networks.TryParse(text, out var value, out var error) ? value : null, error)),
    };

    public static bool IsKnown(Type type) => Kinds.ContainsKey(type) || type.IsEnum;

    /// <summary>The value of a scalar as that type, or why it is none.</summary>
    public static (object? Value, string? Error) Read(ScalarNode scalar, Type type)
    {
        if (type.IsEnum) return EnumNames.Read(scalar, type);
        var kind = Kinds[type];
        var (value, error) = scalar.IsNothing ? (null, null) : kind.Read(scalar);
        return value is null ? (null, error ?? $"expected {kind.Expected}, found {scalar.Describe()}") : (value, null);
    }

    private static ScalarKind Plain(string expected, Func<string, object?> read) => new(expected, scalar => (scalar.IsPlain ? read(scalar.Value.Trim()) : null, null));

    private static ScalarKind Checked(string expected, Func<string, (object? Value, string? Error)> read) => new(expected, scalar => read(scalar.Value.Trim()));

    private static bool TryReadNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

    private static Uri? ReadUri(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
