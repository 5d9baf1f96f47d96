using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Configuration.Tests;

public sealed class WeightsReaderTests
{
    private static readonly string Whole = WeightsReader.Default.ToYaml();

    [Fact]
    public void The_weights_that_come_along_are_in_order_and_say_where_they_are_from()
    {
        var shipped = WeightsReader.Default;
        Assert.Equal(SignalCatalogue.All.Count, shipped.Weights.Count);
        Assert.NotEmpty(shipped.Provenance.Method);
        Assert.True(shipped.Provenance.LossAfter <= shipped.Provenance.LossBefore);
        Assert.All(SignalCatalogue.All, signal => Assert.InRange(shipped.ToWeights()[signal.Code].For, FusionWeights.Least, FusionWeights.Most));
    }

    [Fact]
    public void What_is_written_is_read_back_as_it_was()
    {
        var weights = new FusionWeights(new Dictionary<SignalCode, SignalWeight> { [SignalCode.NewAsn] = new(1.25, 0.5) }, new NoveltyCurves([1, 0.5, 2, 0.25, 1, 1.5], [1, 1, 1, 1, 1, 1], [2, 0.5, 0]));
        var yaml = WeightsFile.Of(weights, new WeightsProvenance { Method = "by \"hand\"", Data = "none", Day = "2026-01-31" }).ToYaml();
        var (read, faults) = WeightsReader.Parse(yaml, "weights.yaml");
        Assert.Empty(faults);
        Assert.Equal(new SignalWeight(1.25, 0.5), read!.ToWeights()[SignalCode.NewAsn]);
        Assert.Equal(new SignalWeight(1, 1), read.ToWeights()[SignalCode.TorExit]);
        Assert.Equal([1, 0.5, 2, 0.25, 1, 1.5], read.ToWeights().Curves.Device);
        Assert.Equal("by \"hand\"", read.Provenance.Method);
        Assert.Equal(yaml, read.ToYaml());
    }

    [Fact]
    public void Cut_anywhere_it_is_refused()
    {
        for (var length = 0; length < Whole.TrimEnd().Length; length += 7)
        {
            var (read, faults) = WeightsReader.Parse(Whole[..length], "weights.yaml");
            Assert.True(read is null && faults.Count > 0, $"cut at {length}");
        }
    }

    [Theory]
    [InlineData("version: 1", "version: 2", "version", "a newer RiskEngine")]
    [InlineData("version: 1", "version: 0", "version", "an older RiskEngine")]
    [InlineData("detectors: ", "detectors: 9", "detectors", "fit them anew")]
    [InlineData("  new_asn: { for: 1.000", "  new_asn: { for: 1.001", "digest", "write that digest")]
    [InlineData("  new_asn: { for: 1.000", "  new_asn: { for: 0.0", "weights.new_asn.for", "expected 0.25 to 4")]
    [InlineData("  new_asn: { for: 1.000", "  new_asn: { for: .nan", "weights.new_asn.for", "number")]
    [InlineData("  new_asn:", "  new_ans:", "weights.new_ans", "new_asn")]
    [InlineData("  both: [", "  both: [1, ", "curves.both", "3 slopes")]
    [InlineData("  both: [", "  both: [-", "curves.both", "0 to 4")]
    public void What_does_not_fit_is_refused_with_its_place(string from, string to, string key, string words)
    {
        var (read, faults) = WeightsReader.Parse(Whole.Replace(from, to, StringComparison.Ordinal), "weights.yaml");
        Assert.Null(read);
        var fault = Assert.Single(faults, fault => fault.Key == key);
        Assert.Contains(words, fault.ToString(), StringComparison.Ordinal);
        Assert.True(fault.Line > 0);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var (read, faults) = WeightsReader.Load(Path.Combine(Path.GetTempPath(), "no-such-weights.yaml"));
        Assert.Null(read);
        Assert.Single(faults);
    }
}
