using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The one list of all detectors, in the order of their signals' numbers.</summary>
public static class Detectors
{
    /// <summary>Bumped whenever a detector says something else of the same facts: weights fitted for another generation are refused.</summary>
    public const int Generation = 5;

    /// <summary>Builds every detector.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range; the message lists all that are.</exception>
    public static IDetector[] From(DetectionSettings settings)
    {
        SettingsCheck.Demand(settings, "detection");
        return
        [
            new AddressReputationDetector(settings.AddressReputation),
            new NetworkReputationDetector(settings.NetworkReputation),
            new PairReputationDetector(settings.PairReputation),
            new FeedHitDetector(settings.FeedHit),
            new TorExitDetector(settings.TorExit),
            new VpnNetworkDetector(settings.VpnNetwork),
            new DataCentreNetworkDetector(settings.DataCentreNetwork),
            new KnownDeviceDetector(settings.KnownDevice),
            new NewDeviceDetector(settings.NewDevice),
            new KnownAddressDetector(settings.KnownAddress),
            new NewAddressDetector(settings.NewAddress),
            new NewAsnDetector(settings.NewAsn),
            new NewCountryDetector(settings.NewCountry),
            new ImpossibleTravelDetector(settings.ImpossibleTravel),
            new BruteForceDetector(settings.BruteForce),
            new DistributedBruteForceDetector(settings.DistributedBruteForce),
            new PasswordSprayDetector(settings.PasswordSpray),
            new NetworkSprayDetector(settings.NetworkSpray),
            new CredentialStuffingDetector(settings.CredentialStuffing),
            new SuccessAfterFailuresDetector(settings.SuccessAfterFailures),
            new AutomatedUserAgentDetector(settings.AutomatedUserAgent),
            new UnusualHourDetector(settings.UnusualHour),
            new MfaFatigueDetector(settings.MfaFatigue),
            new DormantAccountDetector(settings.DormantAccount),
            new StolenSessionDetector(settings.StolenSession),
            new TokenNewNetworkDetector(settings.TokenNewNetwork),
            new ServiceAccountNewNetworkDetector(settings.ServiceAccountNewNetwork),
            new HoneyAccountDetector(settings.HoneyAccount),
            new ReactivatedAccountDetector(settings.ReactivatedAccount),
            new ImpersonationDetector(settings.Impersonation),
            new ChangeAfterRiskyLoginDetector(SignalCode.FactorAfterRiskyLogin, EventKind.FactorAdded, settings.FactorAfterRiskyLogin),
            new ChangeAfterRiskyLoginDetector(SignalCode.PasswordAfterRiskyLogin, EventKind.PasswordChanged, settings.PasswordAfterRiskyLogin),
            new ImpossibleUserAgentDetector(settings.ImpossibleUserAgent),
            new UnusualApplicationDetector(settings.UnusualApplication),
            new PhishingResistantFactorDetector(settings.PhishingResistantFactor),
            new ConfirmedCompromiseDetector(settings.ConfirmedCompromise),
            new LookAlikeDetector(settings.LookAlike),
            new FleetAttackDetector(settings.FleetAttack),
            new RareFirstNetworkDetector(settings.RareFirstNetwork),
        ];
    }

    /// <summary>Asks every detector about one login.</summary>
    /// <param name="detectors">The list.</param>
    /// <param name="context">The login.</param>
    /// <param name="isTrusted">Whether it comes from a network in which nothing new speaks against anybody.</param>
    /// <param name="signals">Room for one signal a detector.</param>
    /// <returns>How many had something to say.</returns>
    public static int Judge(ReadOnlySpan<IDetector> detectors, in LoginContext context, bool isTrusted, Span<Signal> signals)
    {
        var count = 0;
        foreach (var detector in detectors)
        {
            if (detector.Detect(context) is not { } signal) continue;
            if (isTrusted && signal.Evidence > 0 && signal.Code.Describe().Group == SignalGroup.Novelty) continue;
            signals[count++] = signal;
        }

        return count;
    }
}
