using System.Text;

namespace RiskEngine.Configuration.Binding;

/// <summary>Names of properties as keys: <c>MaximumSpeed</c> is <c>maximum_speed</c>.</summary>
internal static class SnakeCase
{
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
