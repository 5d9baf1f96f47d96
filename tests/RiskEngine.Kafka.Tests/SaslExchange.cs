using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace RiskEngine.Kafka.Tests;

/// <summary>What a server does in one exchange of SASL: it hears, answers, and is done once the other side has shown that it knows the password.</summary>
internal abstract class SaslExchange
{
    public bool IsDone { get; protected set; }

    /// <param name="mechanism">PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.</param>
    public static SaslExchange Of(string mechanism, string name, string password) => mechanism switch
    {
        "PLAIN" => new PlainExchange(name, password),
        "SCRAM-SHA-256" => new ScramExchange(HashAlgorithmName.SHA256, name, password),
        "SCRAM-SHA-512" => new ScramExchange(HashAlgorithmName.SHA512, name, password),
        _ => throw new ArgumentOutOfRangeException(nameof(mechanism), mechanism, null),
    };

    /// <summary>What is said to what was heard.</summary>
    /// <exception cref="AuthenticationException">It is not who it says, or does not keep to the mechanism.</exception>
    public abstract byte[] Answer(byte[] heard);
}

/// <summary>RFC 4616: for whom, who and the password, with a NUL before each of the last two.</summary>
internal sealed class PlainExchange(string name, string password) : SaslExchange
{
    public override byte[] Answer(byte[] heard)
    {
        if (Encoding.UTF8.GetString(heard).Split('\0') is not [_, var who, var shown] || who != name || shown != password) throw new AuthenticationException();
        IsDone = true;
        return [];
    }
}

/// <summary>RFC 5802 and RFC 7677, without binding to a channel: both sides prove that they know the password, and neither says it.</summary>
internal sealed class ScramExchange(HashAlgorithmName hash, string name, string password) : SaslExchange
{
    private const int Iterations = 4096;
    private const string NoBinding = "n,,";

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private string? _nonce;
    private string _firsts = "";

    public override byte[] Answer(byte[] heard)
    {
        var text = Encoding.UTF8.GetString(heard);
        return Encoding.UTF8.GetBytes(_nonce is null ? First(text) : Final(text));
    }

    private string First(string heard)
    {
        if (!heard.StartsWith(NoBinding, StringComparison.Ordinal)) throw new AuthenticationException();
        var bare = heard[NoBinding.Length..];
        if (bare.Split(',') is not [['n', '=', .. var who], ['r', '=', .. var nonce], ..] || Plain(who) != name) throw new AuthenticationException();
        _nonce = nonce + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var said = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_salt)},i={Iterations}");
        _firsts = $"{bare},{said}";
        return said;
    }

    private string Final(string heard)
    {
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(NoBinding))},r={_nonce}";
        if (!heard.StartsWith($"{withoutProof},p=", StringComparison.Ordinal)) throw new AuthenticationException();
        var all = Encoding.UTF8.GetBytes($"{_firsts},{withoutProof}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, _salt, Iterations, hash, CryptographicOperations.HashData(hash, []).Length);
        var key = Hmac(salted, "Client Key"u8);
        var signature = Hmac(CryptographicOperations.HashData(hash, key), all);
        var proof = key.Zip(signature, (one, other) => (byte)(one ^ other)).ToArray();
        if (!CryptographicOperations.FixedTimeEquals(proof, Convert.FromBase64String(heard[(withoutProof.Length + 3)..]))) throw new AuthenticationException();
        IsDone = true;
        return $"v={Convert.ToBase64String(Hmac(Hmac(salted, "Server Key"u8), all))}";
    }

    private static string Plain(string escaped) => escaped.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);

    private byte[] Hmac(byte[] key, ReadOnlySpan<byte> text) => CryptographicOperations.HmacData(hash, key, text);
}
