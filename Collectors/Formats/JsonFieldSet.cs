namespace RiskEngine.Collectors.Formats;

/// <summary>Makes the fields of one format that an event may have only once: each gets a bit of its own, 64 at most.</summary>
internal sealed class JsonFieldSet
{
    private ulong _next = 1;

    public JsonField Add(string path, int length = 256)
    {
        if (_next == 0) throw new InvalidOperationException("A format has at most 64 fields.");
        var field = new JsonField(path, length, _next);
        _next <<= 1;
        return field;
    }
}
