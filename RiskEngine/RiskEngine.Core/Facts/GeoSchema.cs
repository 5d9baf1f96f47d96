using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Reads place, network and kinds of network out of a record, whichever schema it follows. Allocates nothing.</summary>
/// <remarks>
/// MaxMind's schema nests (<c>country.iso_code</c>, <c>location.latitude</c>, <c>city.names.en</c>, <c>traits</c>); the freely licensed databases
/// are flat (<c>country_code</c>, <c>latitude</c>, <c>city</c>). Every key is looked for in every record: which schema holds is never guessed.
/// What is known already stays, so that of several databases the first one wins. Numbers out of range count as unknown.
/// </remarks>
public static class GeoSchema
{
    /// <summary>Adds what the record at that offset knows.</summary>
    public static MmdbFault Read(MmdbReader reader, int record, ref AddressFacts facts)
    {
        var decoder = new MmdbDecoder(reader.Data);
        float latitude = float.NaN, longitude = float.NaN;
        if (!decoder.TryRead(record, out var map) || map.Type != MmdbType.Map) return decoder.Fault;
        var offset = map.Payload;
        for (var i = 0; i < map.Size; i++)
        {
            if (!decoder.TryReadEntry(ref offset, out var key, out var value)) return decoder.Fault;
            if (key.SequenceEqual("country"u8)) ReadCountry(ref decoder, value, ref facts);
            else if (key.SequenceEqual("country_code"u8)) SetCountry(decoder, value, ref facts);
            else if (key.SequenceEqual("location"u8)) ReadLocation(ref decoder, value, ref facts);
            else if (key.SequenceEqual("traits"u8)) ReadTraits(ref decoder, value, ref facts);
            else if (key.SequenceEqual("latitude"u8)) latitude = Degrees(decoder, value, 90);
            else if (key.SequenceEqual("longitude"u8)) longitude = Degrees(decoder, value, 180);
            else ReadTrait(decoder, key, value, ref facts);
            if (!decoder.TrySkip(value, out offset)) return decoder.Fault;
        }

        SetLocation(latitude, longitude, ref facts);
        return decoder.Fault;
    }

    /// <summary>The name of the city, in English where the record has several languages; null when there is none. Allocates: for people.</summary>
    public static string? City(MmdbReader reader, int record)
    {
        var decoder = new MmdbDecoder(reader.Data);
        if (!TryGet(ref decoder, record, "city"u8, out var city)) return null;
        if (city.Type == MmdbType.String) return Text(decoder, city);
        if (city.Type != MmdbType.Map || !TryGet(ref decoder, city, "names"u8, out var names)) return null;
        return names.Type == MmdbType.Map && TryGet(ref decoder, names, "en"u8, out var name) ? Text(decoder, name) : null;
    }

    /// <summary>Number and organisation of the autonomous system; 0 and null when the record has none.</summary>
    public static (uint Asn, string? Organisation) AutonomousSystem(MmdbReader reader, int record)
    {
        var facts = AddressFacts.Unknown;
        Read(reader, record, ref facts);
        if (facts.Asn == 0) return (0, null);
        foreach (var key in (ReadOnlySpan<string>)["autonomous_system_organization", "asn_organization", "organization", "as_name"])
        {
            var decoder = new MmdbDecoder(reader.Data);
            if (TryGet(ref decoder, record, Encoding.ASCII.GetBytes(key), out var name) && Text(decoder, name) is { } text) return (facts.Asn, text);
        }

        return (facts.Asn, null);
    }

    private static void ReadCountry(ref MmdbDecoder decoder, in MmdbField country, ref AddressFacts facts)
    {
        if (country.Type == MmdbType.String) SetCountry(decoder, country, ref facts);
        else if (country.Type == MmdbType.Map && TryGet(ref decoder, country, "iso_code"u8, out var code)) SetCountry(decoder, code, ref facts);
    }

    private static void SetCountry(in MmdbDecoder decoder, in MmdbField code, ref AddressFacts facts)
    {
        if (!facts.Country.IsKnown) facts.Country = CountryCode.Parse(decoder.Bytes(code));
    }

    private static void ReadLocation(ref MmdbDecoder decoder, in MmdbField location, ref AddressFacts facts)
    {
        if (location.Type != MmdbType.Map || facts.HasLocation) return;
        float latitude = float.NaN, longitude = float.NaN;
        var offset = location.Payload;
        for (var i = 0; i < location.Size; i++)
        {
            if (!decoder.TryReadEntry(ref offset, out var key, out var value)) return;
            if (key.SequenceEqual("latitude"u8)) latitude = Degrees(decoder, value, 90);
            else if (key.SequenceEqual("longitude"u8)) longitude = Degrees(decoder, value, 180);
            else if (key.SequenceEqual("accuracy_radius"u8)) facts.AccuracyRadiusKm = Degrees(decoder, value, 20_038);
            if (!decoder.TrySkip(value, out offset)) return;
        }

        SetLocation(latitude, longitude, ref facts);
    }

    private static void SetLocation(float latitude, float longitude, ref AddressFacts facts)
    {
        if (facts.HasLocation || float.IsNaN(latitude) || float.IsNaN(longitude)) return;
        (facts.Latitude, facts.Longitude) = (latitude, longitude);
    }

    private static float Degrees(in MmdbDecoder decoder, in MmdbField field, double bound)
    {
        var number = decoder.Number(field);
        return Math.Abs(number) <= bound ? (float)number : float.NaN;
    }

    private static void ReadTraits(ref MmdbDecoder decoder, in MmdbField traits, ref AddressFacts facts)
    {
        if (traits.Type != MmdbType.Map) return;
        var offset = traits.Payload;
        for (var i = 0; i < traits.Size; i++)
        {
            if (!decoder.TryReadEntry(ref offset, out var key, out var value)) return;
            ReadTrait(decoder, key, value, ref facts);
            if (!decoder.TrySkip(value, out offset)) return;
        }
    }

    private static void ReadTrait(in MmdbDecoder decoder, ReadOnlySpan<byte> key, in MmdbField value, ref AddressFacts facts)
    {
        if (value.Type == MmdbType.Boolean)
        {
            if (value.Size == 1) facts.Networks |= Kind(key);
        }
        else if (key.SequenceEqual("autonomous_system_number"u8) || key.SequenceEqual("asn"u8))
        {
            if (facts.Asn == 0 && decoder.TryGetUnsigned(value, out var asn) && asn <= uint.MaxValue) facts.Asn = (uint)asn;
        }
        else if (key.SequenceEqual("connection_type"u8) || key.SequenceEqual("user_type"u8))
        {
            var text = decoder.Bytes(value);
            if (text.SequenceEqual("Cellular"u8) || text.SequenceEqual("cellular"u8)) facts.Networks |= NetworkKinds.Mobile;
            else if (text.SequenceEqual("hosting"u8)) facts.Networks |= NetworkKinds.DataCentre;
        }
    }

    private static NetworkKinds Kind(ReadOnlySpan<byte> key)
    {
        if (!key.StartsWith("is_"u8)) return NetworkKinds.None;
        if (key.SequenceEqual("is_tor_exit_node"u8)) return NetworkKinds.Tor;
        if (key.SequenceEqual("is_hosting_provider"u8)) return NetworkKinds.DataCentre;
        return key.SequenceEqual("is_anonymous_vpn"u8) || key.SequenceEqual("is_public_proxy"u8) || key.SequenceEqual("is_residential_proxy"u8)
            ? NetworkKinds.Vpn
            : NetworkKinds.None;
    }

    private static bool TryGet(ref MmdbDecoder decoder, int record, ReadOnlySpan<byte> name, out MmdbField value)
    {
        value = default;
        return decoder.TryRead(record, out var map) && map.Type == MmdbType.Map && TryGet(ref decoder, map, name, out value);
    }

    private static bool TryGet(ref MmdbDecoder decoder, in MmdbField map, ReadOnlySpan<byte> name, out MmdbField value)
    {
        value = default;
        var offset = map.Payload;
        for (var i = 0; i < map.Size; i++)
        {
            if (!decoder.TryReadEntry(ref offset, out var key, out value)) return false;
            if (key.SequenceEqual(name)) return true;
            if (!decoder.TrySkip(value, out offset)) return false;
        }

        return false;
    }

    private static string? Text(in MmdbDecoder decoder, in MmdbField field)
    {
        var bytes = decoder.Bytes(field);
        return bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);
    }
}
