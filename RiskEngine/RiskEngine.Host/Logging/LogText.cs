using System.Collections;
using System.Globalization;
using System.Text;
using Serilog.Events;

namespace RiskEngine.Host.Logging;

/// <summary>What an event says in words: its template with the values put in, texts without quotes around them.</summary>
internal static class LogText
{
    /// <summary>The message, as it was written for people, without values of properties that have the name of a secret; not scrubbed otherwise.</summary>
    public static string Message(LogEvent entry)
    {
        var text = new StringBuilder(128);
        foreach (var token in entry.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken property && entry.Properties.TryGetValue(property.PropertyName, out var value)) text.Append(SecretNames.IsSecret(property.PropertyName) ? Scrubber.Removed : Value(value, property.Format));
            else text.Append(token);
        }

        return text.ToString();
    }

    /// <summary>A value as text, the same in every culture.</summary>
    public static string Value(LogEventPropertyValue value, string? format = null) => value is ScalarValue scalar ? Text(scalar.Value, format) : value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A value as a property of an event holds it: numbers and flags as they are, anything else in words.</summary>
    public static ScalarValue Scalar(object? value) => new(value switch
    {
        null or string or bool or int or long or double => value,
        IFormattable => value,
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(item => Text(item, null))),
        _ => value.ToString(),
    });

    private static string Text(object? value, string? format) => value switch
    {
        null => "(null)",
        string text => text,
        IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
