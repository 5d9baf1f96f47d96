using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Storage.Records;

/// <summary>Numbers for texts that come again and again (user agents, applications, rules, versions), so that a record holds two bytes in their place.</summary>
/// <remarks>
/// <para>
/// Numbers rise from 1 without gaps and are never given to another text, since stored records hold them. A text gets its number when it comes a second time
/// within the next thousands of new ones: who sends a new user agent with every guess takes none. Where the answer is 0 (a first time, a long text, a full
/// table) the record holds the text itself: bigger by that, and nothing is lost.
/// </para>
/// <para>Thread-safe; asking allocates nothing but for the text that gets a number.</para>
/// </remarks>
/// <param name="capacity">Texts at most; 0 for a table that gives out no numbers, so that records hold every text themselves.</param>
internal sealed class TextTable(int capacity = TextTable.Capacity)
{
    /// <summary>Texts at most, and bytes of one at most.</summary>
    public const int Capacity = 65_536, LongestText = 512;

    private const int CandidateBits = 14;

    private readonly Lock _gate = new();
    private readonly ulong[] _candidates = new ulong[1 << CandidateBits];
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

    /// <summary>The number of a text, given out now where it comes for the second time; 0 for one that is not kept here.</summary>
    public int NumberOf(ReadOnlySpan<byte> utf8)
    {
        if (capacity == 0 || utf8.Length > LongestText) return 0;
        lock (_gate)
        {
            var hash = (ulong)_hash.Hash(utf8);
            var at = Place(utf8, hash);
            if (_index[at] != 0) return _index[at];
            if (_texts.Count > capacity) return 0;
            ref var candidate = ref _candidates[hash >> (64 - CandidateBits)];
            if (candidate == hash) return Append(utf8.ToArray());
            candidate = hash;
            return 0;
        }
    }

    /// <summary>The same for a text that is at hand as a string.</summary>
    public int NumberOf(string text)
    {
        if (capacity == 0) return 0;
        lock (_gate)
        {
            if (_numbersOfStrings.TryGetValue(text, out var number)) return number;
            number = NumberOf(Encoding.UTF8.GetBytes(text));
            if (number == 0 && _texts.Count <= capacity) return 0;
            if (_numbersOfStrings.Count >= capacity) _numbersOfStrings.Clear();
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
        return _index[Place(text, (ulong)_hash.Hash(text))] = _texts.Count - 1;
    }

    private int Place(ReadOnlySpan<byte> utf8, ulong hash)
    {
        var mask = _index.Length - 1;
        var at = (int)hash & mask;
        while (_index[at] != 0 && !utf8.SequenceEqual(_texts[_index[at]])) at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        _index = new int[_index.Length * 2];
        for (var number = 1; number < _texts.Count; number++) _index[Place(_texts[number], (ulong)_hash.Hash(_texts[number]))] = number;
    }
}
