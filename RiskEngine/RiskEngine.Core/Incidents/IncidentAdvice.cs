namespace RiskEngine.Core.Incidents;

/// <summary>What to do next, most urgent first.</summary>
/// <remarks>A command stands there only where what it names is made of letters, digits and marks that mean nothing to a shell: ids are chosen by others.</remarks>
internal static class IncidentAdvice
{
    private const int LongestWord = 128;

    public static IReadOnlyList<string> Of(Incident incident, IncidentNaming naming)
    {
        List<string> advice = [];
        if (incident.SubjectsHit.Count > 0) AddForHits(advice, incident, naming);
        if (ForKind(incident) is { } about) advice.Add(about);
        if (incident.Kind is IncidentKind.PasswordSpray or IncidentKind.CredentialStuffing or IncidentKind.BruteForce or IncidentKind.HoneyAccount) AddBlock(advice, incident, naming);
        if (incident.Enforced == 0) advice.Add("Nothing was enforced. If the policy was in monitor mode, see what it would have done, and set policy.mode to enforce.");
        return advice;
    }

    private static void AddForHits(List<string> advice, Incident incident, IncidentNaming naming)
    {
        var first = incident.Hit.First();
        var who = incident.SubjectsHit.Count == 1 ? naming.Of(first.Subject) : "every account hit";
        advice.Add($"Ask the owner of {who}. Unless it was them: end all sessions, have the password changed, and remove factors and tokens added since {IncidentSummary.Minute(first.At)} UTC.");
        advice.Add(first.EventId != Incident.Erased && IsPlain(first.EventId)
            ? $"Tell RiskEngine what it was, for each account hit: riskengine feedback {first.EventId} compromised, or safe where it was the owner."
            : "Tell RiskEngine what it was, for each account hit, by its event: compromised, or safe where it was the owner.");
    }

    private static string? ForKind(Incident incident) => incident.Kind switch
    {
        IncidentKind.CredentialStuffing => "The pairs come from a leak elsewhere. Ask for a second factor where there is none, and refuse passwords known from leaks.",
        IncidentKind.PasswordSpray => "A few passwords over many names find the weak ones. Refuse common passwords, and ask for a second factor where there is none.",
        IncidentKind.DistributedBruteForce => "No address is worth a block. See that the account has a second factor, and a name that is not public.",
        IncidentKind.MfaFatigue => "Somebody else knows the password. Have it changed also where no request was approved, and tell the owner to refuse what they did not start.",
        IncidentKind.StolenSession => "The session was copied, password and factor are no help against that. Look for malware or a phishing page on the owner's side.",
        IncidentKind.TokenTheft => "Revoke the token, make a new one, and find out where the old one lay open: a repository, a log, a build.",
        IncidentKind.ServiceAccount => "Change the secret of the service account, and let it sign in from its own networks only.",
        IncidentKind.IdleAccount => "Find out who had the account switched on, or close it: nobody misses an account that nobody uses.",
        IncidentKind.LookAlike => "Compare the name with those it resembles, ask who made the account, and close it unless somebody can vouch for it.",
        IncidentKind.HoneyAccount => "Nobody has business with this account. Look at what else came from the same address.",
        _ => null,
    };

    private static void AddBlock(List<string> advice, Incident incident, IncidentNaming naming)
    {
        if (!naming.ShowsAddresses) return;
        if (SourceText.Leading(incident.Addresses, incident) is { } address) advice.Add($"If it goes on: riskengine blocks add {SourceText.Unit(address)} --for 24h --reason {incident.Id}");
        else if (SourceText.Leading(incident.Networks, incident) is { } network) advice.Add($"If it goes on: riskengine blocks add {SourceText.Network(network)} --for 24h --reason {incident.Id}");
        else if (SourceText.Leading(incident.Asns, incident) is { } asn) advice.Add($"If it goes on, and nobody of yours comes from there: riskengine blocks add AS{asn} --for 24h --reason {incident.Id}");
    }

    private static bool IsPlain(string word) =>
        word.Length is > 0 and <= LongestWord && char.IsAsciiLetterOrDigit(word[0]) && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
