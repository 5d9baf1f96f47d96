using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration.Tests;

/// <summary>Settings of detectors that do not exist yet bind without a change to the binder.</summary>
public sealed class BinderTests
{
    public enum Strictness
    {
        Lenient,
        VeryStrict,
    }

    [Fact]
    public void A_record_of_any_detector_is_filled_from_its_keys()
    {
        var (settings, faults) = Bind("""
            detection:
              moon_phase: { evidence: 1.5, maximum_age: 1h30m, enabled: false, names: [a, b], strictness: very_strict, limit: 7, quiet: 1h }
            """);
        Assert.Empty(faults);
        Assert.Equal((1.5, TimeSpan.FromMinutes(90), false, Strictness.VeryStrict, 7), (
            settings.Detection.MoonPhase.Evidence, settings.Detection.MoonPhase.MaximumAge, settings.Detection.MoonPhase.Enabled,
            settings.Detection.MoonPhase.Strictness, settings.Detection.MoonPhase.Limit));
        Assert.Equal(["a", "b"], settings.Detection.MoonPhase.Names);
        Assert.Equal(TimeSpan.FromHours(1), settings.Detection.MoonPhase.Quiet);
    }

    [Theory]
    [InlineData("evidence: 11", "expected 0 to 10, found 11"), InlineData("evidence: -0.1", "expected 0 to 10, found -0.1"), InlineData("evidence: .nan", "expected a number")]
    [InlineData("evidence: 1e999", "expected a number"), InlineData("maximum_age: 59s", "expected 1m to 1d, found 59s"), InlineData("maximum_age: 25h", "expected 1m to 1d, found 1d1h")]
    [InlineData("limit: 99999999999", "expected 0 to 100, found 99999999999"), InlineData("limit: 1.5", "expected a whole number, found \"1.5\"")]
    [InlineData("strictness: strict", "expected lenient or very_strict, found \"strict\""), InlineData("evidense: 1", "did you mean evidence?")]
    [InlineData("names: [[a]]", "expected a single value, found a list"), InlineData("{ evidence: 6, limit: 5 }", "evidence must not exceed limit")]
    public void What_does_not_fit_is_told(string yaml, string words)
    {
        var (_, faults) = Bind($"detection:\n  moon_phase: {(yaml[0] == '{' ? yaml : $"{{ {yaml} }}")}");
        Assert.Contains(words, Assert.Single(faults).Message);
    }

    [Theory, InlineData("evidence: 0"), InlineData("evidence: 10"), InlineData("maximum_age: 1m"), InlineData("maximum_age: 1d"), InlineData("limit: 100")]
    public void Ranges_include_their_ends(string yaml) => Assert.Empty(Bind($"detection: {{ moon_phase: {{ {yaml} }} }}").Faults);

    private static (Root Settings, IReadOnlyList<ConfigurationFault> Faults) Bind(string yaml)
    {
        var faults = new FaultList();
        var tree = YamlTree.Parse(yaml, "test.yaml", faults)!;
        return (new Binder("/", faults).Bind<Root>(tree, ""), faults.All);
    }

    public sealed record Root
    {
        public Detectors Detection { get; init; } = new();
    }

    public sealed record Detectors
    {
        public MoonPhaseSettings MoonPhase { get; init; } = new();
    }

    public sealed record MoonPhaseSettings : IValidatableObject
    {
        [Range(0.0, 10.0)]
        public double Evidence { get; init; } = 1;

        [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
        public TimeSpan MaximumAge { get; init; } = TimeSpan.FromHours(1);

        public TimeSpan? Quiet { get; init; }

        public bool Enabled { get; init; } = true;

        public IReadOnlyList<string> Names { get; init; } = [];

        public Strictness Strictness { get; init; }

        [Range(0, 100)]
        public long Limit { get; init; } = 50;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Evidence > Limit) yield return new ValidationResult("evidence must not exceed limit", [nameof(Evidence)]);
        }
    }
}
