using System.Text.Json;

namespace RiskEngine.Host.Authentik;

/// <summary>Whether the stages of a flow stand in the order in which they can do their work: password, question and denial, second factor, login.</summary>
/// <remarks>
/// authentik runs the stages of a flow by the <c>order</c> of their bindings, those of equal order in any. A flow may have no password stage, where the page
/// that asks for the name asks for the password too; a stage may be bound several times. Pure.
/// </remarks>
internal static class FlowOrder
{
    private const string Password = "ak-stage-password-form";
    private const string Login = "ak-stage-user-login-form";

    /// <param name="bindings">Those of one flow, as the API lists them.</param>
    /// <param name="deny">The name of the stage whose policy asks RiskEngine and denies.</param>
    /// <param name="factor">The name of the stage that challenges.</param>
    /// <returns>What is wrong and what to set; nothing of stages that are not bound.</returns>
    public static IEnumerable<string> Judge(IReadOnlyList<JsonElement> bindings, string deny, string factor)
    {
        var (denies, factors) = (Orders(bindings, "name", deny), Orders(bindings, "name", factor));
        var (passwords, logins) = (Orders(bindings, "component", Password), Orders(bindings, "component", Login));
        foreach (var (name, orders) in new[] { (deny, denies), (factor, factors) })
        {
            if (orders is [.., var last] && logins is [var login, ..] && last >= login)
                yield return $"the stage {name} has order {last} and the login stage {login}: people are in before it has a say. Give its binding an order below {login}.";
            if (orders is [.., var latest] && passwords is [.., var password] && latest <= password)
                yield return $"the stage {name} has order {latest} and the password stage {password}: it has its say before a password was given. Give its binding an order above {password}.";
        }

        if (denies is [.., var asked] && factors is [var challenged, ..] && challenged <= asked)
            yield return $"the stage {factor} has order {challenged} and {deny}, which asks RiskEngine, {asked}: the challenge knows no answer. Give its binding an order above {asked}.";
    }

    private static int[] Orders(IReadOnlyList<JsonElement> bindings, string member, string value) =>
        [.. bindings.Where(binding => Field.Text(Field.Of(binding, "stage_obj"), member) == value).Select(binding => Field.Number(binding, "order")).Order()];
}
