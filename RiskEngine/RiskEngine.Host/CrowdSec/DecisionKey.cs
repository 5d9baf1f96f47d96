using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;

namespace RiskEngine.Host.CrowdSec;

/// <summary>What a decision is about, of the scopes that bouncers act on. Names of people and sessions are not among them.</summary>
internal enum DecisionScope : byte
{
    Ip,
    Range,
    As,
    Country,
}

/// <summary>What a decision is about, as a number: a network, an autonomous system, a country.</summary>
/// <param name="Length">Bits of a network, counted in 128; 128 elsewhere.</param>
internal readonly record struct DecisionKey(DecisionScope Scope, byte Length, UInt128 Number)
{
    /// <summary>Bytes that the longest value takes.</summary>
    public const int MaxLength = 50;

    private static readonly string[] Names = ["Ip", "Range", "AS", "Country"];

    /// <summary>Gets the scope as the LAPI spells it.</summary>
    public string ScopeName => Names[(int)Scope];

    /// <summary>Gets the network; of what is none, the default.</summary>
    public AddressPrefix Network => Scope <= DecisionScope.Range ? new AddressPrefix(new IpAddress((ulong)(Number >> 64), (ulong)Number), Length) : default;

    public static DecisionKey Of(in AddressPrefix network) => new(network.Length == 128 ? DecisionScope.Ip : DecisionScope.Range, network.Length, network.Start);

    /// <summary>What a block of an autonomous system or a country is about.</summary>
    public static DecisionKey Of(Block block) => block.Scope == BlockScope.Asn
        ? new DecisionKey(DecisionScope.As, 128, uint.Parse(block.Value.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture))
        : new DecisionKey(DecisionScope.Country, 128, BlockTable.KeyOf(CountryCode.Parse(block.Value)));

    /// <summary>Reads a scope in any case of letters.</summary>
    public static bool TryParseScope(ReadOnlySpan<char> name, out DecisionScope scope)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (!name.Equals(Names[i], StringComparison.OrdinalIgnoreCase)) continue;
            scope = (DecisionScope)i;
            return true;
        }

        scope = default;
        return false;
    }

    /// <summary>Writes the value as text and returns its length.</summary>
    /// <param name="utf8">At least <see cref="MaxLength"/> bytes.</param>
    public int Format(Span<byte> utf8)
    {
        if (Scope == DecisionScope.As) return Written((uint)Number, utf8);
        if (Scope == DecisionScope.Country)
        {
            (utf8[0], utf8[1]) = ((byte)((uint)Number >> 8), (byte)(uint)Number);
            return 2;
        }

        var network = Network;
        // The one address without a text of its own stands for "unknown" elsewhere.
        if (network.First.IsUnknown)
        {
            "::"u8.CopyTo(utf8);
            return 2 + WriteLength(network.Length, utf8[2..]);
        }

        var length = network.First.Format(utf8);
        return Scope == DecisionScope.Ip ? length : length + WriteLength(network.IsIPv4 ? network.Length - 96 : network.Length, utf8[length..]);
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }

    private static int WriteLength(int bits, Span<byte> utf8)
    {
        utf8[0] = (byte)'/';
        return 1 + Written((uint)bits, utf8[1..]);
    }

    private static int Written(uint number, Span<byte> utf8)
    {
        number.TryFormat(utf8, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }
}
