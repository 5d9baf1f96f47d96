namespace RiskEngine.Collectors.Formats;

/// <summary>A field of a JSON format: how defects name it, worded once, so that a bad event costs no string.</summary>
/// <param name="path">The field as an administrator would write it, "subject.name".</param>
/// <param name="length">The most bytes of UTF-8 that it may have.</param>
/// <param name="bit">The one bit that stands for it in <see cref="JsonCursor"/>'s set of fields seen; none for a field that may come again.</param>
internal sealed class JsonField(string path, int length = 256, ulong bit = 0)
{
    public int Length => length;

    public ulong Bit => bit;

    public string Twice { get; } = $"{path} is given twice";

    public string Missing { get; } = $"{path} is missing";

    public string NotText { get; } = $"{path} must be text";

    public string NotTextOrInteger { get; } = $"{path} must be text or a whole number";

    public string NotNumber { get; } = $"{path} must be a number";

    public string NotBoolean { get; } = $"{path} must be true or false";

    public string NotObject { get; } = $"{path} must be an object";

    public string NotList { get; } = $"{path} must be a list of texts";

    public string OutOfRange { get; } = $"{path} is out of its range";

    public string BadTime { get; } = $"{path} must be a time in ISO 8601, such as 2026-11-21T20:15:01.123Z";

    public string TooLong { get; } = $"{path} is longer than {length} bytes";

    public string TooMany { get; } = $"{path} has more than {JsonCursor.ListLimit} entries";

    public string HoldsNul { get; } = $"{path} holds a NUL character";
}
