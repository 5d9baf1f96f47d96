using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace RiskEngine.Core.Detection;

/// <summary>One setting that cannot be used.</summary>
/// <param name="Path">Its key, such as <c>detection.impossible_travel.maximum_speed</c>.</param>
/// <param name="Message">What is allowed and what was found.</param>
public readonly record struct SettingsFault(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Checks settings records against the <see cref="RangeAttribute"/>s of their properties, nested records included.</summary>
/// <remarks>
/// The one place where ranges are enforced; rules between properties are those of <see cref="IValidatableObject"/>. Runs when a snapshot is built,
/// by reflection, and collects every fault rather than stopping at the first. Thread-safe.
/// </remarks>
public static class SettingsCheck
{
    /// <summary>Collects all faults of a settings record, in the order of its properties.</summary>
    /// <param name="settings">A record whose properties are values or further records.</param>
    /// <param name="path">The key under which it stands in the configuration.</param>
    public static IReadOnlyList<SettingsFault> Faults(object settings, string path)
    {
        List<SettingsFault> faults = [];
        Collect(settings, path, faults);
        return faults;
    }

    /// <summary>Refuses faulty settings.</summary>
    /// <exception cref="ArgumentException">There are faults; the message lists all of them.</exception>
    public static void Demand(object settings, string path)
    {
        var faults = Faults(settings, path);
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(settings));
    }

    /// <summary>A property's name as a key of the configuration: <c>MaximumSpeed</c> becomes <c>maximum_speed</c>.</summary>
    public static string KeyOf(string property)
    {
        var key = new StringBuilder(property.Length + 4);
        foreach (var letter in property)
        {
            if (char.IsAsciiLetterUpper(letter) && key.Length > 0) key.Append('_');
            key.Append(char.ToLowerInvariant(letter));
        }

        return key.ToString();
    }

    private static void Collect(object settings, string path, List<SettingsFault> faults)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetMethod is null) continue;
            var key = $"{path}.{KeyOf(property.Name)}";
            var value = property.GetValue(settings);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range) CheckRange(range, value, key, faults);
            else if (value is not null and not string and not IEnumerable && !value.GetType().IsValueType) Collect(value, key, faults);
        }

        if (settings is not IValidatableObject whole) return;
        foreach (var result in whole.Validate(new ValidationContext(settings)))
        {
            faults.Add(new SettingsFault(path, result.ErrorMessage ?? "is inconsistent"));
        }
    }

    private static void CheckRange(RangeAttribute range, object? value, string key, List<SettingsFault> faults)
    {
        if (range.IsValid(value) && value is not double.NaN) return;
        faults.Add(new SettingsFault(key, string.Create(CultureInfo.InvariantCulture, $"must be {range.Minimum} to {range.Maximum}, and is {value}")));
    }
}
