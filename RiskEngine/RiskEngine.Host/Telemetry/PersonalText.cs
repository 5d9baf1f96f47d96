using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>How logs, reports and exports write subjects and addresses: as pseudonyms or in clear, as <c>log.pseudonymise</c> and <c>privacy.addresses</c> say.</summary>
/// <remarks>A pseudonym is the same for the same text as long as the store lives, so that lines about one subject can be put together. Thread-safe.</remarks>
internal sealed class PersonalText(TelemetrySettings settings, KeyedHash hash)
{
    private const ulong SubjectTweak = 0x6c6f67, AddressTweak = 0x6c6f68;

    public string Subject(EventBatch batch, in LoginEvent e)
    {
        var subject = e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId;
        return settings.Pseudonymise ? Pseudonym(batch.Text(subject), SubjectTweak) : batch.String(subject);
    }

    /// <summary>How reports of incidents name people and addresses: as logs do.</summary>
    /// <param name="names">Whether subjects are named in clear all the same, because somebody asked who may know.</param>
    public IncidentNaming Naming(bool names) => new(
        subject => names || !settings.Pseudonymise ? subject : (IsUnknown(subject) ? "~" : "") + Pseudonym(Encoding.UTF8.GetBytes(subject), SubjectTweak),
        settings.HashAddresses ? Address : null);

    /// <summary>How what leaves for others names people: by pseudonyms whatever logs do, unless names are meant. The pseudonyms are those of logs.</summary>
    public IncidentNaming NamingForOthers(bool names) => new(
        subject => names ? subject : (IsUnknown(subject) ? "~" : "") + Pseudonym(Encoding.UTF8.GetBytes(subject), SubjectTweak),
        settings.HashAddresses ? Address : null);

    /// <summary>Whether it is what is kept of a name that does not exist.</summary>
    private static bool IsUnknown(string subject) => Pseudonyms.IsPseudonym(Encoding.UTF8.GetBytes(subject));

    public string Address(string address) => settings.HashAddresses ? Pseudonym(Encoding.ASCII.GetBytes(address), AddressTweak) : address;

    /// <summary>What a record of the audit is about, for where it leaves the machine: a subject by its pseudonym, an address as logs have it.</summary>
    public string AuditTarget(AuditRecord record)
    {
        var target = record.Entry.Target;
        if (record.Entry.What.StartsWith("admin.seen", StringComparison.Ordinal)) return Address(target);
        if (target.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var at)) return target;
        var (scope, value) = (target[..at], target[(at + 1)..]);
        return scope switch
        {
            _ when record.IsErased => target,
            "subject" => $"{scope}:{Name(value)}",
            "pair" when value.LastIndexOf('@') is > 0 and var sign => $"{scope}:{Name(value[..sign])}@{Address(value[(sign + 1)..])}",
            "ip" or "range" => $"{scope}:{Address(value)}",
            _ => target,
        };
    }

    /// <summary>Whether what a record says in words may leave the machine: not where it is about a subject and names are pseudonyms, and not where addresses are, which it may hold.</summary>
    public bool ShowsWordsOf(AuditRecord record) => !settings.HashAddresses && (record.KeyId == 0 || !settings.Pseudonymise);

    private string Name(string subject) => settings.Pseudonymise ? Pseudonym(Encoding.UTF8.GetBytes(subject), SubjectTweak) : subject;

    private string Pseudonym(ReadOnlySpan<byte> text, ulong tweak) => ((ulong)hash.Hash(text, tweak)).ToString("x16", CultureInfo.InvariantCulture);
}
