using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace RiskEngine.Core.Events;

/// <summary>One step of a path into JSON: a member by its name, or an element of a list by its number.</summary>
/// <param name="Name">The member; null for an element.</param>
/// <param name="Index">The element, from 0.</param>
public readonly record struct MappedStep(string? Name, int Index);

/// <summary>Paths into JSON as mappings write them: <c>client.ip</c>, <c>target[0].id</c>; a dot or bracket within a name has a backslash before it.</summary>
public static class MappedPath
{
    /// <summary>The most steps of a path.</summary>
    public const int Depth = 16;

    private const int LargestIndex = 1000;

    /// <summary>Takes a path apart.</summary>
    /// <param name="error">What is wrong with it, or empty.</param>
    public static bool TryParse(string path, [NotNullWhen(true)] out IReadOnlyList<MappedStep>? steps, out string error)
    {
        steps = null;
        error = "";
        List<MappedStep> found = [];
        var name = new StringBuilder();
        for (var at = 0; at <= path.Length; at++)
        {
            var c = at < path.Length ? path[at] : '.';
            if (c == '\\' && at + 1 < path.Length) name.Append(path[++at]);
            else if (c is not ('.' or '[')) name.Append(c);
            else if (name.Length > 0) Take(found, name);
            else if (at == 0 || path[at - 1] != ']') return Refuse("a name is missing in this path", out error);
            if (c != '[' || at == path.Length) continue;
            var end = path.IndexOf(']', at);
            if (end < 0 || !int.TryParse(path.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > LargestIndex)
                return Refuse($"expected the number of an element, 0 to {LargestIndex}, between brackets", out error);
            found.Add(new MappedStep(null, index));
            at = end;
            if (at + 1 < path.Length && path[at + 1] is not ('.' or '[')) return Refuse("expected a dot or nothing behind a bracket", out error);
        }

        if (found.Count > Depth) return Refuse($"a path has at most {Depth} steps", out error);
        steps = found;
        return true;
    }

    private static void Take(List<MappedStep> found, StringBuilder name)
    {
        found.Add(new MappedStep(name.ToString(), -1));
        name.Clear();
    }

    private static bool Refuse(string why, out string error)
    {
        error = why;
        return false;
    }
}
