using System.Text.Json;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>The people of the example; passwords stand in its README, secrets in <c>people.json</c>.</summary>
internal sealed record Person(string Id, string Name, string Password, string Home)
{
    public static readonly Person Jane = new("42", "jane", "violet-harbour-71", "192.0.2.42");

    public static readonly Person Omar = new("43", "omar", "copper-lantern-28", "192.0.2.43");

    /// <summary>Has no second factor.</summary>
    public static readonly Person Mila = new("44", "mila", "quiet-meadow-53", "192.0.2.44");

    /// <summary>The code that the person's app shows now.</summary>
    public string Code() => Visitor.CodeOf(Secret(), TimeProvider.System.GetUtcNow());

    /// <summary>Six digits that the app shows neither now nor a little before or after.</summary>
    public string WrongCode()
    {
        var now = TimeProvider.System.GetUtcNow();
        var right = Enumerable.Range(-4, 9).Select(step => Visitor.CodeOf(Secret(), now.AddSeconds(30 * step))).ToHashSet();
        return Enumerable.Range(0, 10).Select(digit => new string((char)('0' + digit), 6)).First(code => !right.Contains(code));
    }

    private string Secret()
    {
        using var people = JsonDocument.Parse(File.ReadAllText(Path.Combine(Node.Folder, "people.json")));
        return people.RootElement.EnumerateArray().First(person => person.GetProperty("id").GetString() == Id).GetProperty("totp").GetString()!;
    }
}
