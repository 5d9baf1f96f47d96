using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>What to do about files that are missing or refused, in words for the administrator.</summary>
internal static class FactRemedies
{
    /// <param name="servesOn">Whether what was loaded before is in use. Only a file that shrank would be taken by a restart; with any other, a restart loses what serves.</param>
    public static string For(FactKind kind, RefusalKind refusal, bool servesOn) => (refusal, servesOn) switch
    {
        (RefusalKind.BeingWritten, _) => "It is looked at again once it rests.",
        (RefusalKind.TooMany, _) => "Join some of them.",
        (RefusalKind.Shrunk, _) => "What was loaded before serves on. Fetch the file again; where it is meant to be so small, restart, which takes it.",
        (RefusalKind.Missing, true) => "What was loaded before serves on until a restart. Put the file back, or take it out of the configuration.",
        (RefusalKind.Missing, false) => Missing(kind),
        (RefusalKind.Unreadable, true) => "What was loaded before serves on until a restart. See that whoever runs this program may read the file.",
        (RefusalKind.Unreadable, false) => "See that whoever runs this program may read the file.",
        (_, true) => "What was loaded before serves on until a restart, which would find nothing to use. Fetch the file again.",
        _ => "Fetch the file again, or name another.",
    };

    private static string Missing(FactKind kind) => kind switch
    {
        FactKind.City => "Without it, location stays unknown. Put a city database in MaxMind's format (.mmdb) there, or name another file under geo.city.",
        FactKind.Asn => "Without it, networks stay unknown. Put an ASN database (.mmdb) or CSV of ranges there, or name another file under geo.asn.",
        _ => "Without it, this feed is silent. Put the list there, or correct its path under feeds.",
    };
}
