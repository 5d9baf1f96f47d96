namespace RiskEngine.Host.Doctor;

/// <summary>Something that <c>doctor</c> looked at.</summary>
/// <param name="Ok">Whether there is nothing to do about it.</param>
/// <param name="Detail">What was seen, and what to do where it is not right.</param>
internal sealed record Finding(bool Ok, string What, string Detail);
