using System.Text;

namespace RiskEngine.Host.Telemetry;

/// <summary>Values of a label that come from outside: the first twenty are kept, the rest is "other", so that nobody can make series without end.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class BoundedLabel
{
    /// <summary>Values told apart; number 0 is "none", the last is "other".</summary>
    public const int Capacity = 22;

    private const int LongestValue = 64;

    private readonly byte[][] _values = new byte[Capacity][];
    private readonly string[] _names = new string[Capacity];
    private int _count = 1;

    public BoundedLabel()
    {
        (_names[0], _values[0]) = ("none", []);
        _names[Capacity - 1] = "other";
    }

    /// <summary>The number of a value; an empty one is "none".</summary>
    public int Number(ReadOnlySpan<byte> utf8)
    {
        for (var i = 0; i < _count; i++)
        {
            if (utf8.SequenceEqual(_values[i])) return i;
        }

        if (_count == Capacity - 1 || utf8.Length > LongestValue) return Capacity - 1;
        (_values[_count], _names[_count]) = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return _count++;
    }

    public string Name(int number) => _names[number];
}
