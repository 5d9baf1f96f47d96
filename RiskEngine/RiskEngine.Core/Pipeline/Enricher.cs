using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Adds to each event what is known of its account, address and device. What the event itself says wins over the look-up.</summary>
internal static class Enricher
{
    private const ulong DeviceTweak = 11;

    /// <summary>Facts of every event of a batch, into the unit of work.</summary>
    public static void Enrich(EventBatch batch, FactSnapshot facts, UnitOfWork unit, KeyedHash hash)
    {
        unit.Recent.Use(facts);
        for (var i = 0; i < batch.Count; i++)
        {
            ref var e = ref batch[i];
            facts.Directory.Complete(batch, ref e);
            unit.Facts[i] = unit.Recent.Lookup(e.SourceIp);
            unit.Devices[i] = unit.Recent.Parse(batch.Text(e.UserAgent), hash, out unit.UserAgents[i]);
            Override(ref unit.Facts[i], e);
        }
    }

    /// <summary>The login in the form it would be remembered in.</summary>
    public static PastLogin Remember(EventBatch batch, in LoginEvent e, in AddressFacts facts, in DeviceFacts device, KeyedHash hash)
    {
        var deviceId = batch.Text(e.DeviceId);
        var application = batch.Text(e.Application);
        return new PastLogin
        {
            AddressUnit = facts.Scope == AddressScope.Unknown ? 0 : e.SourceIp.Unit,
            Session = (ulong)e.Session,
            At = e.OccurredAt.UnixSeconds,
            Asn = facts.Asn,
            DeviceId = deviceId.IsEmpty ? 0 : NotZero((uint)hash.Hash(deviceId, DeviceTweak)),
            UserAgent = e.UserAgent.IsEmpty ? 0 : NotZero((uint)RecentFacts.HashOf(batch.Text(e.UserAgent))),
            Country = facts.Country,
            Latitude = facts.HasLocation ? (short)Math.Round(facts.Latitude * 100) : PastLogin.NoLocation,
            Longitude = facts.HasLocation ? (short)Math.Round(facts.Longitude * 100) : (short)0,
            AccuracyRadius = float.IsNaN(facts.AccuracyRadiusKm) ? (ushort)0 : (ushort)Math.Clamp(facts.AccuracyRadiusKm, 0, ushort.MaxValue),
            Traits = Traits(e, facts),
            Application = application.IsEmpty ? (ushort)0 : StateKeys.Application(hash, application),
            Browser = device.Browser,
            Os = device.Os,
            DeviceClass = (byte)device.Class,
        };
    }

    private static LoginTraits Traits(in LoginEvent e, in AddressFacts facts)
    {
        var traits = NetworkTraits.Of(facts.Networks);
        if (e.KnownDevice == true) traits |= LoginTraits.KnownDevice;
        if (e.Mfa.Count > 0) traits |= LoginTraits.MultiFactor;
        return traits;
    }

    private static void Override(ref AddressFacts facts, in LoginEvent e)
    {
        if (e.Country.IsKnown)
        {
            // A location of another country than the one given would contradict the source.
            if (facts.Country != e.Country) (facts.Latitude, facts.Longitude, facts.AccuracyRadiusKm) = (float.NaN, float.NaN, float.NaN);
            facts.Country = e.Country;
        }

        if (!float.IsNaN(e.Latitude) && !float.IsNaN(e.Longitude))
        {
            if (facts.Latitude != e.Latitude || facts.Longitude != e.Longitude) facts.AccuracyRadiusKm = float.NaN;
            (facts.Latitude, facts.Longitude) = (e.Latitude, e.Longitude);
        }

        if (e.Asn != 0) facts.Asn = e.Asn;
    }

    private static uint NotZero(uint hash) => hash == 0 ? 1 : hash;
}
