using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Tests;

public sealed class WriteTroubleTests
{
    [Theory]
    [InlineData(13, "disk is full"), InlineData(8, "read-only"), InlineData(10, "refuses"), InlineData(778, "refuses"), InlineData(14, "cannot be opened"), InlineData(11, "damaged")]
    public void A_code_of_the_database_becomes_a_cause_and_a_remedy_and_tells_no_path(int code, string words)
    {
        var failure = new StateStoreException("x", new SqliteFailureException(code, "SQLite: something, file /srv/secret/place.db"));
        var told = WriteTrouble.Describe(failure);
        Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.DoesNotContain("/srv", told, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_foresaw_points_to_the_log() => Assert.Contains("log", WriteTrouble.Describe(new InvalidOperationException("x")), StringComparison.Ordinal);
}
