using System.Numerics;
using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>A term as a dimension of the index of rules: values that every condition treats alike are one class, with the rules that can hold for it as bits.</summary>
internal abstract class Dimension(int words, ulong fields)
{
    /// <summary>Gets the fields it asks, as bits by <see cref="FieldId"/>.</summary>
    public ulong Fields => fields;

    protected int Words => words;

    /// <summary>Takes away the rules that cannot hold for this login.</summary>
    public abstract void Narrow(scoped ref Frame frame, scoped Span<ulong> candidates);

    protected static void And(scoped Span<ulong> candidates, scoped ReadOnlySpan<ulong> rules)
    {
        var at = 0;
        for (; at <= candidates.Length - Vector<ulong>.Count; at += Vector<ulong>.Count)
            (new Vector<ulong>(candidates[at..]) & new Vector<ulong>(rules[at..])).CopyTo(candidates[at..]);
        for (; at < candidates.Length; at++) candidates[at] &= rules[at];
    }
}

/// <summary>A term with one value: its class by look-up or binary search. The last class is that of an error, as of a field nothing is known of.</summary>
internal sealed class ValueDimension : Dimension
{
    /// <summary>Classes that a dimension may have; a term with more is left to the conditions themselves.</summary>
    public const int MaximumClasses = 4096;

    private readonly Expression _term;
    private readonly ValueClasses _classes;
    private readonly ulong[] _rules;

    /// <param name="term">The field, or the part of a time.</param>
    /// <param name="classes">The classes of its values.</param>
    /// <param name="count">Rules.</param>
    /// <param name="canHold">Whether a rule, by its number, can hold for a value of the term; null for an error.</param>
    public ValueDimension(Expression term, ValueClasses classes, int count, Func<int, ConstantExpression?, bool> canHold)
        : base((count + 63) / 64, StoredFields.AskedBy(term))
    {
        (_term, _classes) = (term, classes);
        _rules = new ulong[(classes.Representatives.Count + 1) * Words];
        for (var value = 0; value <= classes.Representatives.Count; value++)
        {
            var known = value < classes.Representatives.Count ? classes.Representatives[value] : null;
            for (var rule = 0; rule < count; rule++)
            {
                if (canHold(rule, known)) _rules[(value * Words) + (rule >> 6)] |= 1UL << (rule & 63);
            }
        }
    }

    public override void Narrow(scoped ref Frame frame, scoped Span<ulong> candidates) => And(candidates, _rules.AsSpan(ClassOf(ref frame) * Words, Words));

    private int ClassOf(scoped ref Frame frame)
    {
        var missing = _classes.Representatives.Count;
        if (_term is FieldListExpression list) return list.Count(ref frame) < 0 ? missing : (int)frame.Login.Facts.Networks & (missing - 1);
        return _term.TryEvaluate(ref frame, out var value) ? _classes.Of(value) : missing;
    }
}

/// <summary>A field with several values, of which rules need one: groups, factors, feeds, signals.</summary>
internal sealed class MemberDimension : Dimension
{
    private readonly FieldId _field;
    private readonly ulong[] _rules;
    private readonly Utf8Map? _texts;
    private readonly int[] _classOfCode = [];

    /// <param name="members">What each rule needs one of; null for nothing.</param>
    public MemberDimension(FieldId field, IReadOnlyList<IReadOnlyCollection<ConstantExpression>?> members)
        : base((members.Count + 63) / 64, StoredFields.Bits(field))
    {
        _field = field;
        var all = members.SelectMany(each => each ?? []).DistinctBy(each => each.ToString()).ToList();
        if (all[0].Type.Kind == ExpressionKind.Text)
        {
            _texts = new Utf8Map([.. all.Select((member, i) => (Encoding.UTF8.GetBytes(member.Text), i + 1))]);
        }
        else
        {
            _classOfCode = new int[all.Max(member => member.Value.Number) + 1];
            for (var i = 0; i < all.Count; i++) _classOfCode[all[i].Value.Number] = i + 1;
        }

        // Class 0 holds the rules that need none.
        _rules = new ulong[(all.Count + 1) * Words];
        for (var rule = 0; rule < members.Count; rule++)
        {
            var needed = members[rule]?.Select(member => member.ToString()).ToHashSet();
            if (needed is null) Set(0, rule);
            for (var i = 0; i < all.Count; i++)
            {
                if (needed?.Contains(all[i].ToString()) == true) Set(i + 1, rule);
            }
        }
    }

    public override void Narrow(scoped ref Frame frame, scoped Span<ulong> candidates)
    {
        Span<ulong> can = stackalloc ulong[Words];
        _rules.AsSpan(0, Words).CopyTo(can);
        var count = FieldReader.Count(_field, ref frame);
        for (var i = 0; i < count; i++)
        {
            var item = FieldReader.Item(_field, ref frame, i);
            var found = _texts is not null ? _texts.Find(item.Text) : item.Number < _classOfCode.Length ? _classOfCode[item.Number] : 0;
            if (found <= 0) continue;
            var rules = _rules.AsSpan(found * Words, Words);
            for (var word = 0; word < can.Length; word++) can[word] |= rules[word];
        }

        And(candidates, can);
    }

    private void Set(int of, int rule) => _rules[(of * Words) + (rule >> 6)] |= 1UL << (rule & 63);
}
