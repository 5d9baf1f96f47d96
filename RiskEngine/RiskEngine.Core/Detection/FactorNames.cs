namespace RiskEngine.Core.Detection;

/// <summary>What sources call the factors of an authentication.</summary>
internal static class FactorNames
{
    /// <summary>Words that occur in the names of such factors, in lower case.</summary>
    private static readonly byte[][] Words =
        [.. new[] { "webauthn", "fido", "passkey", "u2f", "security_key", "smartcard", "smart_card" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whole names from the registry of authentication method references (RFC 8176, section 2): hardware key, smart card.</summary>
    private static readonly byte[][] Names = [.. new[] { "hwk", "sc" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether a factor of that name signs for the place it is used at, so that nobody in between can pass it on.</summary>
    /// <param name="name">UTF-8, in any case; names longer than 64 bytes are none.</param>
    public static bool ResistPhishing(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > 64) return false;
        Span<byte> lower = stackalloc byte[name.Length];
        for (var i = 0; i < name.Length; i++) lower[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
        foreach (var whole in Names)
        {
            if (lower.SequenceEqual(whole)) return true;
        }

        foreach (var word in Words)
        {
            if (lower.IndexOf(word) >= 0) return true;
        }

        return false;
    }
}
