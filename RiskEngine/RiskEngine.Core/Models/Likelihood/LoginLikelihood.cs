namespace RiskEngine.Core.Models;

/// <summary>What the likelihood ratio says of one login, in nats, split into what a person can read; the parts add up to the whole.</summary>
/// <param name="Novelty">How new the login is.</param>
/// <param name="Address">For the address: below zero where it, or its network, is known.</param>
/// <param name="Asn">What a new autonomous system adds; zero where it is known.</param>
/// <param name="Country">What a new country adds on top of that.</param>
/// <param name="Device">What the user agent adds, given the place.</param>
/// <param name="GapSeconds">Time since the subject's last accepted login.</param>
/// <param name="PlaceChance">Chance that the subject itself comes from a place this new, after that time; 0 to 1.</param>
/// <param name="Chance">Chance that it does so with a device this new; 0 to 1.</param>
/// <param name="FirstTail">Of a subject without history: which part of first logins comes from autonomous systems as rare in the fleet as this one; 1 where that is not known.</param>
public readonly record struct LoginLikelihood(
    LoginNovelty Novelty, float Address, float Asn, float Country, float Device, uint GapSeconds, float PlaceChance = 1, float Chance = 1, float FirstTail = 1)
{
    /// <summary>Gets the whole: place and device together.</summary>
    public float Total => Address + Asn + Country + Device;
}
