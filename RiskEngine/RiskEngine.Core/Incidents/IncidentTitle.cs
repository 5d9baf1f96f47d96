namespace RiskEngine.Core.Incidents;

/// <summary>What an incident is, in one line: what, where from, how many, who was hit.</summary>
internal static class IncidentTitle
{
    public static string Of(Incident incident, IncidentNaming naming)
    {
        var from = SourceText.Of(incident, naming);
        var who = Who(incident, naming);
        var tries = SourceText.Counted(incident.Attempts, "attempt", "attempts");
        var names = SourceText.Counted(incident.SubjectsTried, "name tried", "names tried");
        return incident.Kind switch
        {
            IncidentKind.PasswordSpray => $"Password spray from {from}: {names}, {Hit(incident)}",
            IncidentKind.CredentialStuffing => $"Credential stuffing from {from}: {names}, {Hit(incident)}",
            IncidentKind.BruteForce => $"Password guessing on {who} from {from}: {tries}, {Hit(incident)}",
            IncidentKind.DistributedBruteForce => $"Password guessing on {who} from many addresses: {tries} from {from}, {Hit(incident)}",
            IncidentKind.HoneyAccount when incident.SubjectsHit.Count > 1 || incident.SubjectsTried.Count > 1 => $"Honey accounts tried from {from}: {Hit(incident)}",
            IncidentKind.HoneyAccount => $"Honey account {who} tried from {from}: {Hit(incident)}",
            IncidentKind.MfaFatigue => $"Second factor of {who} asked again and again from {from}: {Hit(incident)}",
            IncidentKind.StolenSession => $"Stolen session of {who}, used from {from}",
            IncidentKind.TokenTheft => $"Stolen token of {who}, used from {from}",
            IncidentKind.Persistence => $"Takeover of {who} from {from}, with changes to the account",
            IncidentKind.ServiceAccount => $"Service account {who} used from {from}",
            IncidentKind.LookAlike => $"Account {who}, named like another one, used from {from}",
            IncidentKind.IdleAccount => $"Idle account {who} used from {from}",
            _ => $"Suspected takeover of {who} from {from}",
        };
    }

    private static string Hit(Incident incident) => incident.SubjectsHit.Count == 0 ? "no account hit" : $"{SourceText.Counted(incident.SubjectsHit, "account", "accounts")} hit";

    /// <summary>The one subject it is about, or how many there are.</summary>
    private static string Who(Incident incident, IncidentNaming naming)
    {
        var hit = incident.SubjectsHit.Count;
        if (hit == 1) return naming.Of(incident.Hit.First().Subject);
        if (hit > 1) return SourceText.Counted(incident.SubjectsHit, "account", "accounts");
        return incident.SubjectsTried.Count == 1 ? naming.Of(incident.Tried[0]) : SourceText.Counted(incident.SubjectsTried, "account", "accounts");
    }
}
