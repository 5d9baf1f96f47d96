using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>A mapping made ready: every place that is asked for has a slot, every field knows its slots and its table.</summary>
internal sealed class MappedPlan
{
    private readonly List<string> _places = [];
    private readonly List<bool> _lists = [];

    public MappedPlan(EventMapping mapping)
    {
        Time = Slots(mapping.Fields.OccurredAt.From, isList: false);
        Kind = Slots(mapping.Fields.Kind.From, isList: false);
        Kinds = [.. mapping.Fields.Kind.Values.Select(entry => (Encoding.UTF8.GetBytes(entry.Key), entry.Value))];
        var texts = mapping.Fields.Texts.ToDictionary(field => field.Name, field => Compile(field.Name, field.Field, mapping.Required.Contains(field.Name)));
        Id = texts["id"];
        Tenant = texts["tenant"];
        SubjectId = texts["subject.id"];
        SubjectName = texts["subject.name"];
        Groups = texts["subject.groups"];
        ServiceAccount = texts["subject.service_account"];
        SourceIp = texts["source_ip"];
        UserAgent = texts["user_agent"];
        SessionId = texts["session_id"];
        DeviceId = texts["device_id"];
        KnownDevice = texts["known_device"];
        RequestId = texts["request_id"];
        Application = texts["application"];
        AuthMethod = texts["auth_method"];
        Mfa = texts["mfa"];
        Reason = texts["reason"];
        RoundTrip = texts["round_trip_ms"];
        Country = texts["geo.country"];
        City = texts["geo.city"];
        Latitude = texts["geo.latitude"];
        Longitude = texts["geo.longitude"];
        Asn = texts["asn.number"];
        AsnOrganisation = texts["asn.organization"];
        Probe = texts["probe"];
        SlotCount = _places.Count;
        Reader = mapping.Container == MappedContainer.Json
            ? new JsonMappedReader(_places, _lists)
            : new CsvMappedReader(_places, mapping.Columns, (byte)mapping.Separator[0], mapping.Quotes);
    }

    public MappedReader Reader { get; }

    public int SlotCount { get; }

    public int[] Time { get; }

    public int[] Kind { get; }

    public (byte[] Text, EventKind Kind)[] Kinds { get; }

    public MappedField Id { get; }

    public MappedField Tenant { get; }

    public MappedField SubjectId { get; }

    public MappedField SubjectName { get; }

    public MappedField Groups { get; }

    public MappedField ServiceAccount { get; }

    public MappedField SourceIp { get; }

    public MappedField UserAgent { get; }

    public MappedField SessionId { get; }

    public MappedField DeviceId { get; }

    public MappedField KnownDevice { get; }

    public MappedField RequestId { get; }

    public MappedField Application { get; }

    public MappedField AuthMethod { get; }

    public MappedField Mfa { get; }

    public MappedField Reason { get; }

    public MappedField RoundTrip { get; }

    public MappedField Country { get; }

    public MappedField City { get; }

    public MappedField Latitude { get; }

    public MappedField Longitude { get; }

    public MappedField Asn { get; }

    public MappedField AsnOrganisation { get; }

    public MappedField Probe { get; }

    private MappedField Compile(string name, MappedText text, bool isRequired) => new(name, text, Slots(text.From, name is "subject.groups" or "mfa"), isRequired);

    private int[] Slots(IReadOnlyList<string> from, bool isList) => [.. from.Select(place => Slot(place, isList))];

    /// <summary>One slot for each place; a list where anybody takes it for one.</summary>
    private int Slot(string place, bool isList)
    {
        for (var slot = 0; slot < _places.Count; slot++)
        {
            if (_places[slot] != place) continue;
            _lists[slot] |= isList;
            return slot;
        }

        _places.Add(place);
        _lists.Add(isList);
        return _places.Count - 1;
    }
}
