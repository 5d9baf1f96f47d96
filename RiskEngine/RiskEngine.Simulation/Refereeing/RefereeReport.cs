using System.Globalization;
using System.Text.Json;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>The referee's figures. What each means stands at <see cref="AttackFigures"/> and <see cref="HonestFigures"/>.</summary>
public sealed record RefereeReport
{
    public required IReadOnlyList<AttackFigures> Attacks { get; init; }

    public required HonestFigures Honest { get; init; }

    /// <summary>The figures as lines of text, for a terminal of 110 columns. A campaign is found when people were told of it or it was stopped..</summary>
    public IEnumerable<string> ToTable()
    {
        if (Attacks.Count > 0)
        {
            yield return $"{"attack",-24}{"campaigns",10}{"found",8}{"stopped",9}{"first at",10}{"events",9}{"stopped",9}{"intrusions",12}{"stopped",9}";
            foreach (var attack in Attacks)
            {
                yield return $"{attack.Attack,-24}{attack.Campaigns,10}{Percent(attack.CampaignRecall, 0),8}"
                    + $"{Percent(attack.CampaignStopRate, 0),9}{Events(attack.EventsToStop),10}"
                    + $"{attack.Events,9}{Percent(attack.EventRecall, 1),9}{attack.Intrusions,12}{Percent(attack.IntrusionRecall, 1),9}";
            }

            yield return "";
        }

        yield return $"honest logins           {Honest.Logins}: {Percent(Honest.ChallengeRate, 2)} challenged, "
            + $"{Percent(Honest.NotifyRate, 2)} notified, {Honest.LoginsBlocked} blocked";
        yield return $"honest subjects blocked {Honest.SubjectsBlocked} of {Honest.Subjects}";
        yield return $"honest addresses hit    {Honest.AddressesBlocked} of {Honest.Addresses}, {Honest.EventsBlocked} events blocked";
        yield return $"collateral              {Honest.LoginsStoppedUnderAttack} honest logins of attacked accounts stopped";
    }

    /// <summary>Writes the report as one JSON object; shares that have no base are null.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("attacks"u8);
        foreach (var attack in Attacks) Write(json, attack);
        json.WriteEndArray();
        json.WriteStartObject("honest"u8);
        json.WriteNumber("events"u8, Honest.Events);
        json.WriteNumber("logins"u8, Honest.Logins);
        json.WriteNumber("logins_challenged"u8, Honest.LoginsChallenged);
        json.WriteNumber("logins_notified"u8, Honest.LoginsNotified);
        json.WriteNumber("logins_blocked"u8, Honest.LoginsBlocked);
        json.WriteNumber("logins_stopped_under_attack"u8, Honest.LoginsStoppedUnderAttack);
        Write(json, "challenge_rate"u8, Honest.ChallengeRate);
        Write(json, "notify_rate"u8, Honest.NotifyRate);
        json.WriteNumber("events_blocked"u8, Honest.EventsBlocked);
        json.WriteNumber("subjects"u8, Honest.Subjects);
        json.WriteNumber("subjects_blocked"u8, Honest.SubjectsBlocked);
        json.WriteNumber("addresses"u8, Honest.Addresses);
        json.WriteNumber("addresses_blocked"u8, Honest.AddressesBlocked);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AttackFigures attack)
    {
        json.WriteStartObject();
        json.WriteString("attack"u8, attack.Attack);
        json.WriteNumber("campaigns"u8, attack.Campaigns);
        json.WriteNumber("campaigns_found"u8, attack.CampaignsFound);
        Write(json, "campaign_recall"u8, attack.CampaignRecall);
        json.WriteNumber("campaigns_stopped"u8, attack.CampaignsStopped);
        json.WriteNumber("events"u8, attack.Events);
        json.WriteNumber("events_stopped"u8, attack.EventsStopped);
        json.WriteNumber("events_high"u8, attack.EventsHigh);
        Write(json, "event_recall"u8, attack.EventRecall);
        json.WriteNumber("intrusions"u8, attack.Intrusions);
        json.WriteNumber("intrusions_stopped"u8, attack.IntrusionsStopped);
        Write(json, "intrusion_recall"u8, attack.IntrusionRecall);
        Write(json, "events_to_stop"u8, attack.EventsToStop);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, Math.Round(number, 6));
        else json.WriteNull(name);
    }

    private static string Percent(double? share, int decimals) =>
        share is { } value ? (value * 100).ToString($"F{decimals}", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Events(double? count) => count is { } value ? value.ToString("0.#", CultureInfo.InvariantCulture) : "-";
}
