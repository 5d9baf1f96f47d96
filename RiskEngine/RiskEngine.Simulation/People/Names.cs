using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>Login names: those of the directory, those nobody has, and slips of the finger.</summary>
internal static class Names
{
    private static readonly string[] First =
    [
        "anna", "ben", "carla", "david", "elena", "felix", "greta", "hugo", "ines", "jonas", "karin", "lucas", "maria", "nils", "olga", "paul", "rosa",
        "stefan", "tina", "lina", "vera", "walter", "xenia", "yann", "zoe", "amir", "bianca", "chen", "diego", "emma", "fatima", "george", "helen", "ivan",
        "jane", "kofi", "lena", "marcos", "nora", "oskar", "priya", "ravi", "sofia",
    ];

    private static readonly string[] Last =
    [
        "miller", "schmidt", "rossi", "garcia", "dubois", "kowalski", "hansen", "silva", "sharma", "tanaka", "larsson", "brown", "weber", "moreau", "costa",
        "novak", "berg", "fischer", "lopez", "patel", "sato", "nilsen", "jones", "becker", "leroy", "ferrari", "santos", "gupta", "olsen", "taylor", "wagner",
        "martin", "bruno", "zielinski", "dahl", "pereira", "khan", "suzuki", "lind", "evans", "hoffmann", "petit", "schmitt", "ramos", "mehta", "ito", "larsen",
        "hughes", "keller", "fisher", "conti", "alves", "nair",
    ];

    private static readonly string[] Common =
        ["admin", "administrator", "test", "info", "root", "support", "sales", "backup", "scanner", "office", "guest", "service"];

    /// <summary>The name of the directory's n-th person. Two numbers never share a name: the lists' lengths have no common divisor.</summary>
    public static string OfPerson(int number)
    {
        var round = number / (First.Length * Last.Length);
        var name = $"{First[number % First.Length]}.{Last[number % Last.Length]}";
        return round == 0 ? name : $"{name}{round + 1}";
    }

    /// <summary>The name of somebody who is called like a person the directory has already.</summary>
    public static string OfNamesake(string name) => $"{name}-2";

    /// <summary>A name as lists of leaked credentials hold them, which nobody of the directory has.</summary>
    /// <remarks>Two digits of 60 and above stand for a year of birth; the directory would need 136,000 people to count that far.</remarks>
    public static string Leaked(SeededRandom random) => random.Below(8) == 0
        ? random.Pick(Common)
        : random.Below(3) switch
        {
            0 => $"{random.Pick(First)}.{random.Pick(Last)}{random.Between(60, 99)}",
            1 => $"{random.Pick(First)}{random.Pick(Last)}{random.Between(60, 99)}",
            _ => $"{random.Pick(First)[0]}{random.Pick(Last)}",
        };

    /// <summary>The name with one slip: a letter dropped, doubled, or two of them swapped.</summary>
    public static string Mistyped(string name, SeededRandom random)
    {
        var at = random.Between(1, name.Length - 2);
        return random.Below(3) switch
        {
            0 => name.Remove(at, 1),
            1 => name.Insert(at, name[at].ToString()),
            _ => $"{name[..at]}{name[at + 1]}{name[at]}{name[(at + 2)..]}",
        };
    }
}
