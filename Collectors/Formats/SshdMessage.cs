namespace RiskEngine.Collectors.Formats;

/// <summary>What a message of the OpenSSH server tells of a login.</summary>
internal enum SshdTelling : byte
{
    /// <summary>Nothing of a login.</summary>
    Nothing,
    Accepted,
    Failed,

    /// <summary>A failure as PAM tells it, which old servers log under a name of their own.</summary>
    PamFailed,

    /// <summary>The connection ended before anybody was signed in.</summary>
    Ended,
}

/// <summary>Reads the messages of the OpenSSH server. Slices of the message; nothing is copied.</summary>
/// <remarks>
/// A client chooses the name, so a name may hold spaces, " from " and a whole forged line. What the server writes after the name is read from the
/// right and has to match to the end. The one message whose end a client can write, a failure with a certificate (its id is text), gives an address
/// only where no second reading is possible.
/// </remarks>
internal ref struct SshdMessage
{
    public SshdTelling Telling { get; private set; }

    public ReadOnlySpan<byte> Method { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Gets whether the server says that no such account exists.</summary>
    public bool IsUnknownName { get; private set; }

    /// <summary>Gets the address or host name; empty where it cannot be told for sure.</summary>
    public ReadOnlySpan<byte> Host { get; private set; }

    public static SshdMessage Parse(ReadOnlySpan<byte> text)
    {
        var message = default(SshdMessage);
        if (text.StartsWith("Failed "u8)) message.ReadAttempt(text["Failed ".Length..], SshdTelling.Failed);
        else if (text.StartsWith("Accepted "u8)) message.ReadAttempt(text["Accepted ".Length..], SshdTelling.Accepted);
        else if (text.StartsWith("Connection "u8) || text.StartsWith("Disconnected "u8)) message.ReadEnd(text);
        else if (text.StartsWith("error: maximum authentication attempts exceeded for "u8) || text.StartsWith("maximum authentication attempts exceeded for "u8)) message.ReadLimit(text);
        return message;
    }

    /// <summary>Reads PAM's own words, <c>authentication failure; … rhost=HOST  user=NAME</c>; the name is there only if it exists.</summary>
    public static SshdMessage ParsePam(ReadOnlySpan<byte> text)
    {
        var message = default(SshdMessage);
        var host = text.IndexOf(" rhost="u8);
        if (!text.StartsWith("authentication failure;"u8) || host < 0) return message;
        var rest = text[(host + " rhost=".Length)..];
        var end = rest.IndexOf((byte)' ');
        message.Telling = SshdTelling.PamFailed;
        message.Method = "pam"u8;
        message.Host = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..].TrimStart((byte)' ');
        if (rest.StartsWith("user="u8)) message.Name = rest["user=".Length..];
        message.IsUnknownName = message.Name.IsEmpty;
        return message;
    }

    /// <summary>Takes "message repeated 3 times: [ … ]" apart; other messages are there once.</summary>
    /// <returns>How often the message is there: −1 where what stands there is no number above 0, <see cref="int.MaxValue"/> for one of ten digits or more.</returns>
    public static int Unfold(ref ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("message repeated "u8)) return 1;
        var rest = text["message repeated ".Length..];
        var space = rest.IndexOf((byte)' ');
        if (space < 0 || !rest[space..].StartsWith(" times: ["u8) || rest[^1] != ']') return 1;
        text = rest[(space + " times: [".Length)..^1].Trim((byte)' ');
        var digits = rest[..space];
        if (TimeText.TryDigits(digits, out var times)) return times == 0 ? -1 : times;
        return digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? -1 : int.MaxValue;
    }

    private void ReadAttempt(ReadOnlySpan<byte> text, SshdTelling telling)
    {
        var space = text.IndexOf(" for "u8);
        if (space < 0) return;
        Method = text[..space];
        if (Method.Contains((byte)' ')) return;

        // "none" asks which methods there are; nobody has tried anything yet.
        if (!Method.SequenceEqual("none"u8)) ReadNameAndPeer(text[(space + " for ".Length)..], telling);
    }

    private void ReadLimit(ReadOnlySpan<byte> text) => ReadNameAndPeer(text[(text.IndexOf(" for "u8) + " for ".Length)..], SshdTelling.Ended);

    private void ReadEnd(ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith(" [preauth]"u8)) return;
        text = text[..^" [preauth]".Length];
        var start = text.IndexOf(" user "u8);
        if (start < 0) return;
        var how = text[..start];
        IsUnknownName = how.EndsWith(" invalid"u8);
        if (!IsUnknownName && !how.EndsWith(" authenticating"u8)) return;

        var rest = text[(start + " user ".Length)..];
        var port = rest.LastIndexOf(" port "u8);
        if (port < 0 || !TimeText.TryDigits(rest[(port + " port ".Length)..], out _)) return;
        rest = rest[..port];
        var address = rest.LastIndexOf((byte)' ');
        if (address < 0) return;
        Host = rest[(address + 1)..];
        Name = rest[..address];
        Telling = SshdTelling.Ended;
    }

    private void ReadNameAndPeer(ReadOnlySpan<byte> text, SshdTelling telling)
    {
        if (!SshdPeer.TryFind(text, out var from, out var host)) return;
        Telling = telling;
        Host = host;
        Name = text[..from];
        if (!Name.StartsWith("invalid user"u8)) return;
        if (Name.Length > "invalid user".Length && Name["invalid user".Length] != ' ') return;
        IsUnknownName = true;
        Name = Name.Length > "invalid user ".Length ? Name["invalid user ".Length..] : default;
    }
}
