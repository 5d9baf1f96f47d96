using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>What becomes of whoever tries an account that nobody uses.</summary>
public sealed class HoneyAccountTests
{
    [Fact]
    public async Task One_try_blocks_the_address_and_not_the_one_next_to_it()
    {
        await using var judging = new Judging(detector: new HoneyAccountDetector(new HoneyAccountSettings { Subjects = ["backup-admin"] }));
        await judging.SubmitAsync(new Login("backup-admin", TimeSpan.Zero, "198.51.100.66", EventKind.LoginFailed));
        Assert.Equal("198.51.100.66", Assert.Single(judging.Store.Blocks.All).Value);
        Assert.Equal(DecisionAction.Block, (await judging.EvaluateAsync(new Login("42", TimeSpan.FromMinutes(1), "198.51.100.66", EventKind.LoginAttempt))).Action);
        Assert.Equal(DecisionAction.Allow, (await judging.EvaluateAsync(new Login("42", TimeSpan.FromMinutes(1), "198.51.100.67", EventKind.LoginAttempt))).Action);
    }
}
