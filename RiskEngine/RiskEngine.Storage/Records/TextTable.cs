using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Storage.Records;

/// <summary>Numbers for texts that come again and again (user agents, applications, rules, versions), so that a record holds two bytes in their place.</summary>
/// <remarks>
/// Numbers rise from 1 without gaps. Bounded: once full, or for a long text, the answer is 0 and the record holds the text itself. Thread-safe;
/// asking for a known text allocates nothing.
/// </remarks>
internal sealed class TextTable
{
    /// <summary>Texts at most, and bytes of one at most.</summary>
    public const int Capacity = 65_536, LongestText = 512;

    private readonly Lock _gate = new();
    private readonly KeyedHash _hash = new(RandomNumberGenerator.GetBytes(16));
    private readonly List<byte[]> _texts = [[]];
    private readonly List<string?> _strings = [""];
    private readonly Dictionary<string, int> _numbersOfStrings = [];
    private int[] _index = new int[1024];

    /// <summary>Gets the highest number given out.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _texts.Count - 1;
        }
    }

    /// <summary>The number of a text, given out now where it is new; 0 for one that is not kept here.</summary>
    public int NumberOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText) return 0;
        lock (_gate)
        {
            var at = Place(utf8);
            if (_index[at] != 0) return _index[at];
            if (_texts.Count > Capacity) return 0;
            return Append(utf8.ToArray());
        }
    }

    /// <summary>The same for a text that is at hand as a string.</summary>
    public int NumberOf(string text)
    {
        lock (_gate)
        {
            if (_numbersOfStrings.TryGetValue(text, out var number)) return number;
            number = NumberOf(Encoding.UTF8.GetBytes(text));
            if (_numbersOfStrings.Count >= Capacity) _numbersOfStrings.Clear();
            _numbersOfStrings[text] = number;
            return number;
        }
    }

    public ReadOnlyMemory<byte> Bytes(int number)
    {
        lock (_gate) return _texts[number];
    }

    public string String(int number)
    {
        lock (_gate) return _strings[number] ??= Encoding.UTF8.GetString(_texts[number]);
    }

    /// <summary>Makes the table hold exactly these texts, numbered from 1.</summary>
    public void Reset(IReadOnlyList<byte[]> texts)
    {
        lock (_gate)
        {
            _texts.RemoveRange(1, _texts.Count - 1);
            _strings.RemoveRange(1, _strings.Count - 1);
            _numbersOfStrings.Clear();
            Array.Clear(_index);
            foreach (var text in texts) Append(text);
        }
    }

    private int Append(byte[] text)
    {
        if (_texts.Count * 2 > _index.Length) Grow();
        _texts.Add(text);
        _strings.Add(null);
        return _index[Place(text)] = _texts.Count - 1;
    }

    private int Place(ReadOnlySpan<byte> utf8)
    {
        var mask = _index.Length - 1;
        var at = (int)(ulong)_hash.Hash(utf8) & mask;
        while (_index[at] != 0 && !utf8.SequenceEqual(_texts[_index[at]])) at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        _index = new int[_index.Length * 2];
        for (var number = 1; number < _texts.Count; number++) _index[Place(_texts[number])] = number;
    }
}
