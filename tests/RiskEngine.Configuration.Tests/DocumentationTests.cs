using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Policies;
using RiskEngine.Testing;

namespace RiskEngine.Configuration.Tests;

/// <summary>The pages about configuration and policies name every key there is, with its default.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_key_of_the_configuration_is_documented_with_its_default()
    {
        var page = File.ReadAllText(RepositoryRoot.Path("docs", "configuration.md"));
        var missing = KeysOf(typeof(RiskEngineSettings), new RiskEngineSettings(), "")
            .Where(key => !page.Contains($"| `{key.Name}` | {key.Default}", StringComparison.Ordinal)).Select(key => $"| `{key.Name}` | {key.Default}");
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_key_of_a_policy_is_documented()
    {
        var page = File.ReadAllText(RepositoryRoot.Path("docs", "policy.md"));
        Type[] types = [typeof(PolicyDefinition), typeof(BlockDefaults), typeof(PolicyRule), typeof(RuleConditions), typeof(TrustedNetwork), typeof(PolicyList)];
        var keys = types.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null)).Select(property => SnakeCase.Of(property.Name));
        string[] spellings = ["`{0}`", ".{0}`", "`{0}.", "`{0}[]"];
        Assert.All(keys, key => Assert.Contains(spellings, spelling => page.Contains(spelling.Replace("{0}", key), StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_key_of_a_case_is_documented()
    {
        var page = File.ReadAllText(RepositoryRoot.Path("docs", "policy.md"));
        Type[] types =
        [
            typeof(PolicyTestFile), typeof(PolicyTestCase), typeof(TestedEvent), typeof(TestedSubject), typeof(TestedPlace), typeof(TestedSystem), typeof(TestedFacts), typeof(TestedRisk),
            typeof(TestedReputation), typeof(TestedProfile), typeof(ExpectedDecision),
        ];
        var keys = types.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null)).Select(property => SnakeCase.Of(property.Name));
        Assert.All(keys, key => Assert.True(page.Contains($"`{key}`", StringComparison.Ordinal) || page.Contains($".{key}`", StringComparison.Ordinal), key));
    }

    /// <summary>Keys with their defaults as written; an empty default where numbers and durations are not at stake.</summary>
    private static IEnumerable<(string Name, string Default)> KeysOf(Type type, object? defaults, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null))
        {
            var key = prefix + SnakeCase.Of(property.Name);
            var element = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? property.PropertyType.GetGenericArguments()[0] : null;
            var section = element ?? property.PropertyType;
            var value = defaults is null ? null : property.GetValue(defaults);
            if (section.IsClass && !ScalarKinds.IsKnown(section))
            {
                foreach (var inner in KeysOf(section, element is null ? value : null, element is null ? $"{key}." : $"{key}[].")) yield return inner;
            }
            else
            {
                yield return (key, property.IsDefined(typeof(RangeAttribute)) ? Write(value) : "");
            }
        }
    }

    private static string Write(object? value) => value switch
    {
        null => "",
        TimeSpan duration => Durations.Format(duration),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture).Replace('-', '−'),
        _ => "",
    };
}
