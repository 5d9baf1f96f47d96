using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>What to do about files that are missing or refused, in words for the administrator.</summary>
internal static class FactRemedies
{
    public static string ForMissing(FactKind kind) => kind switch
    {
        FactKind.City => "Without it, location stays unknown. Put a city database in MaxMind's format (.mmdb) there, or name another file under geo.city.",
        FactKind.Asn => "Without it, networks stay unknown. Put an ASN database (.mmdb) or CSV of ranges there, or name another file under geo.asn.",
        _ => "Without it, this feed is silent. Put the list there, or correct its path under feeds.",
    };

    public static string ForRefused(bool servesOn) => servesOn
        ? "What was loaded before serves on. Fetch the file again; a restart takes it even when it shrank."
        : "Fetch the file again, or name another.";
}
