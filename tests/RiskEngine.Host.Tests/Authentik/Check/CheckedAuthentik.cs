using RiskEngine.Core.Facts;
using RiskEngine.Host.Authentik;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary>What <c>authentik check</c> finds at an authentik of a test's own.</summary>
internal static class CheckedAuthentik
{
    /// <summary>The switch of the blueprint with which all that is checked can be seen.</summary>
    public const string Sees = "see_configuration";

    public static async Task<IReadOnlyList<AuthentikFinding>> LookAsync(
        LiveAuthentik live, string token = LiveAuthentik.ServiceToken, bool isExaminer = false, bool isPolling = false, bool isPollingSessions = false, string[]? switches = null, string[]? needed = null,
        Uri? through = null)
    {
        using var http = new OutboundClient(new OutboundTarget { Rules = new OutboundRules() }, TimeProvider.System);
        var scope = new AuthentikCheckScope
        {
            Flow = "default-authentication-flow",
            IsExaminer = isExaminer,
            IsPolling = isPolling,
            IsPollingSessions = isPollingSessions,
            NeededSwitches = needed ?? [],
            Switches = switches ?? [],
        };
        return await new AuthentikCheck(new AuthentikApi(http, through ?? live.Url, token), scope).RunAsync(CancellationToken.None);
    }

    /// <summary>That this, gone wrong alone, is told of, and nothing else is.</summary>
    public static async Task AssertFindingAsync(string what, string words, Action<LiveAuthentik> wrong)
    {
        await using var live = await LiveAuthentik.StartAsync(Sees);
        wrong(live);
        var told = (await LookAsync(live)).Where(finding => !finding.Ok).ToList();
        Assert.Contains(told, finding => finding.What == what && finding.Detail.Contains(words, StringComparison.Ordinal));
    }
}
