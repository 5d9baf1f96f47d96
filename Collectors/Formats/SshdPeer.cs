namespace RiskEngine.Collectors.Formats;

/// <summary>Finds " from ADDRESS port N ssh2" at the end of a message of sshd, behind a name that may imitate it.</summary>
internal static class SshdPeer
{
    /// <param name="from">Where " from " begins, so where the name ends.</param>
    /// <param name="host">The address, empty where text at the end (the id of a certificate) makes more than one reading possible.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, out int from, out ReadOnlySpan<byte> host)
    {
        host = default;
        if (text.EndsWith(" [preauth]"u8)) text = text[..^" [preauth]".Length];
        for (from = text.LastIndexOf(" from "u8); from >= 0; from = text[..from].LastIndexOf(" from "u8))
        {
            if (TryReadPeer(text[(from + " from ".Length)..], out host, out var rest) && IsEnd(rest)) return true;
        }

        return TryFindBeforeText(text, out from, out host);
    }

    private static bool TryFindBeforeText(ReadOnlySpan<byte> text, out int from, out ReadOnlySpan<byte> host)
    {
        host = default;
        from = -1;
        var candidates = 0;
        for (var at = 0; text[at..].IndexOf(" from "u8) is >= 0 and var next; at += " from ".Length)
        {
            at += next;
            if (!TryReadPeer(text[(at + " from ".Length)..], out var candidate, out var rest) || !rest.StartsWith(" ssh2: "u8)) continue;
            host = candidates == 0 ? candidate : default;
            if (candidates++ == 0) from = at;
        }

        return candidates > 0;
    }

    private static bool TryReadPeer(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        var space = text.IndexOf((byte)' ');
        host = space < 0 ? default : text[..space];
        if (space <= 0 || !text[space..].StartsWith(" port "u8)) return false;
        rest = text[(space + " port ".Length)..];
        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits == 0 || rest.IsEmpty) return false;
        rest = digits < 0 ? default : rest[digits..];
        return true;
    }

    /// <summary>Nothing, " ssh2", " ssh2: TYPE FINGERPRINT" or " ssh2: NAME": nothing that a client could put a second peer into.</summary>
    private static bool IsEnd(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest.SequenceEqual(" ssh2"u8)) return true;
        if (!rest.StartsWith(" ssh2: "u8)) return false;
        rest = rest[" ssh2: ".Length..];
        var space = rest.IndexOf((byte)' ');
        return space != 0 && !rest[(space + 1)..].Contains((byte)' ');
    }
}
