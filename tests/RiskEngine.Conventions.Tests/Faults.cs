namespace RiskEngine.Conventions.Tests;

internal static class Faults
{
    /// <summary>Fails with every fault on a line of its own, so that one run tells all there is to mend.</summary>
    public static void AssertNone(IEnumerable<string?> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
