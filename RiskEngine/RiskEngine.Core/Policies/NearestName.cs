namespace RiskEngine.Core.Policies;

/// <summary>Finds what somebody who mistyped a name probably meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest single-letter edits; null where none is within a third of the name's length.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var least = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in known)
        {
            var distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least) (least, nearest) = (distance, candidate);
        }

        return nearest;
    }

    /// <summary>Words that suggest the nearest name, or list the known ones where there are few; empty where neither helps.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> known)
    {
        if (Of(name, known) is { } nearest) return $"; did you mean {nearest}?";
        return known.Count is > 0 and <= 20 ? $"; known are {string.Join(", ", known)}" : "";
    }

    /// <summary>Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count one each.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
