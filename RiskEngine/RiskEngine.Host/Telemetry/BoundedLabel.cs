using System.Text;

namespace RiskEngine.Host.Telemetry;

/// <summary>Values of a label that come from outside: the first few are kept, the rest is "other", so that nobody can make series without end.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class BoundedLabel
{
    private const int LongestValue = 64;

    private readonly byte[][] _values;
    private readonly string[] _names;
    private int _count = 1;

    /// <param name="kept">Values with a name of their own.</param>
    public BoundedLabel(int kept)
    {
        Capacity = kept + 2;
        (_values, _names) = (new byte[Capacity][], new string[Capacity]);
        (_names[0], _values[0]) = ("none", []);
        _names[Capacity - 1] = "other";
    }

    /// <summary>Gets how many values are told apart; number 0 is "none", the last is "other".</summary>
    public int Capacity { get; }

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
