using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>Established people of a scripted stream: each with a device of their own, at an address that a function gives them.</summary>
/// <param name="address">Where a person is usually found, by number.</param>
internal sealed class Town(int people, Func<int, string> address)
{
    public const uint HomeAsn = 64500;
    public const uint AttackerAsn = 64999;

    private static readonly byte[] Browser = Encoding.ASCII.GetBytes(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36");

    private static readonly byte[] Library = Encoding.ASCII.GetBytes("python-requests/2.32.5");

    public int People => people;

    /// <summary>One login of everybody at their usual place with their own device, spread over eight hours.</summary>
    public Login[] Day(TimeSpan after) =>
        [.. Enumerable.Range(0, people).Select(person => AtHome(person, after + (TimeSpan.FromHours(8) * person / people)))];

    public Login AtHome(int person, TimeSpan after, EventKind kind = EventKind.Login) =>
        new(NameOf(person), after, address(person), kind) { Asn = HomeAsn, DeviceId = $"device-of-{person}", UserAgent = Browser };

    /// <summary>The same person by somebody else: a program without a device, from that address.</summary>
    public static Login Guess(int person, TimeSpan after, string from, uint asn = AttackerAsn) =>
        new(NameOf(person), after, from, EventKind.LoginFailed) { Asn = asn, Country = "NL", DeviceId = "", UserAgent = Library };

    /// <summary>The attacker has the right password and a browser.</summary>
    public static Login Enter(int person, TimeSpan after, string from, EventKind kind = EventKind.Login, uint asn = AttackerAsn) =>
        new(NameOf(person), after, from, kind) { Asn = asn, Country = "NL", DeviceId = "the-attackers", UserAgent = Library };

    public static string NameOf(int person) => $"person-{person}";
}
