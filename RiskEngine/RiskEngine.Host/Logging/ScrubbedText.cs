using System.Text;

namespace RiskEngine.Host.Logging;

/// <summary>A text that parts are taken out of, in any order.</summary>
internal sealed class ScrubbedText(string text)
{
    private List<(int Start, int End)>? _removed;

    public string Text => text;

    /// <summary>Gets or sets how far the text was looked at: nobody looks back beyond it.</summary>
    public int LookedUpTo { get; set; }

    /// <summary>Gets or sets how far lists were looked through: a list within one is not looked through again.</summary>
    public int ListedUpTo { get; set; }

    /// <summary>Takes out a part, unless it says nothing.</summary>
    public void Remove(int start, int end)
    {
        if (end > start && !IsNothing(text.AsSpan(start, end - start))) (_removed ??= []).Add((start, end));
    }

    public override string ToString()
    {
        if (_removed is null) return text;
        _removed.Sort();
        var kept = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var (start, end) in _removed)
        {
            if (start >= copied) kept.Append(text, copied, start - copied).Append(Scrubber.Removed);
            copied = Math.Max(copied, end);
        }

        return kept.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool IsNothing(ReadOnlySpan<char> value) => value is "null" or "true" or "false" or Scrubber.Removed;
}
