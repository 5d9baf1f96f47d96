using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>A field as a dimension of the index of rules: values that every condition treats alike are one class, with the rules that can hold for it as bits.</summary>
internal abstract class Dimension(FieldId id, int words)
{
    protected FieldId Field => id;

    protected int Words => words;

    /// <summary>Takes away the rules that cannot hold for this login.</summary>
    public abstract void Narrow(scoped ref Frame frame, scoped Span<ulong> candidates);

    protected static void And(scoped Span<ulong> candidates, scoped ReadOnlySpan<ulong> rules)
    {
        for (var i = 0; i < candidates.Length; i++) candidates[i] &= rules[i];
    }
}

/// <summary>A field with one value: its class by look-up or binary search. The last class is that of a field nothing is known of.</summary>
internal sealed class ValueDimension : Dimension
{
    /// <summary>Classes that a dimension may have; a field with more is left to the conditions themselves.</summary>
    public const int MaximumClasses = 4096;

    private readonly ExpressionKind _kind;
    private readonly ulong[] _rules;
    private readonly int _missing;
    private readonly long[] _numbers = [];
    private readonly double[] _reals = [];
    private readonly Utf8Map? _texts;

    /// <param name="type">The type of the field.</param>
    /// <param name="constants">What conditions compare it with.</param>
    /// <param name="canHold">Whether a rule, by its number, can hold for a value of the field; null for one nothing is known of.</param>
    /// <param name="count">Rules.</param>
    public ValueDimension(FieldId field, ExpressionType type, IReadOnlyCollection<ConstantExpression> constants, int count, Func<int, ConstantExpression?, bool> canHold)
        : base(field, (count + 63) / 64)
    {
        _kind = field == FieldId.NetworkKinds ? ExpressionKind.List : type.Kind;
        List<ConstantExpression> classes = [];
        switch (_kind)
        {
            case ExpressionKind.List or ExpressionKind.Bool or ExpressionKind.Name:
                var values = _kind switch { ExpressionKind.List => 1 << NameSet.Networks.Count, ExpressionKind.Bool => 2, _ => type.Names!.Count };
                classes.AddRange(Enumerable.Range(0, values).Select(value => new ConstantExpression(type, Value.Of((long)value))));
                break;
            case ExpressionKind.Text:
                string[] texts = [.. constants.Select(constant => constant.Text).Distinct()];
                _texts = new Utf8Map([.. texts.Select((text, i) => (Encoding.UTF8.GetBytes(text), i))]);
                // Bytes that are no text stand for every other text.
                classes.AddRange([.. texts.Select(ConstantExpression.Of), new ConstantExpression(type, Value.Of([0xFF]))]);
                break;
            case ExpressionKind.Double:
                _reals = [.. constants.Select(RealOf).Distinct().Order()];
                foreach (var real in _reals) classes.AddRange([ConstantExpression.Of(Math.BitDecrement(real)), ConstantExpression.Of(real)]);
                classes.Add(ConstantExpression.Of(_reals.Length == 0 ? 0 : Math.BitIncrement(_reals[^1])));
                break;
            default:
                _numbers = [.. constants.SelectMany(NumbersOf).Distinct().Order()];
                foreach (var number in _numbers) classes.AddRange([Whole(type, number - (number > long.MinValue ? 1 : 0)), Whole(type, number)]);
                classes.Add(Whole(type, _numbers.Length == 0 ? 0 : _numbers[^1] + (_numbers[^1] < long.MaxValue ? 1 : 0)));
                break;
        }

        _missing = classes.Count;
        _rules = new ulong[(classes.Count + 1) * Words];
        for (var value = 0; value <= classes.Count; value++)
        {
            for (var rule = 0; rule < count; rule++)
            {
                if (canHold(rule, value < classes.Count ? classes[value] : null)) _rules[(value * Words) + (rule >> 6)] |= 1UL << (rule & 63);
            }
        }
    }

    /// <summary>Whether a constant makes classes that the field's values fall into without rounding.</summary>
    public static bool IsExact(ConstantExpression constant) => constant.Type.Kind switch
    {
        ExpressionKind.Int => Math.Abs((double)constant.Value.Number) < 9e15,
        ExpressionKind.Double => Math.Abs(constant.Value.Real) < 9e15,
        _ => true,
    };

    public override void Narrow(scoped ref Frame frame, scoped Span<ulong> candidates) => And(candidates, _rules.AsSpan(ClassOf(ref frame) * Words, Words));

    private int ClassOf(scoped ref Frame frame)
    {
        if (_kind == ExpressionKind.List) return FieldReader.Count(Field, ref frame) < 0 ? _missing : (int)frame.Login.Facts.Networks & (_missing - 1);
        if (!FieldReader.TryRead(Field, ref frame, out var value)) return _missing;
        switch (_kind)
        {
            case ExpressionKind.Bool or ExpressionKind.Name: return (int)Math.Min((ulong)value.Number, (ulong)_missing);
            case ExpressionKind.Text: return _texts!.Find(value.Text) is var found and >= 0 ? found : _missing - 1;
            case ExpressionKind.Double: return Region(Array.BinarySearch(_reals, value.Real));
            default: return Region(Array.BinarySearch(_numbers, value.Number));
        }
    }

    /// <summary>Odd classes are the constants themselves, even ones the gaps between them.</summary>
    private static int Region(int found) => found >= 0 ? (2 * found) + 1 : 2 * ~found;

    private static double RealOf(ConstantExpression constant) => constant.Type.Kind == ExpressionKind.Int ? constant.Value.Number : constant.Value.Real;

    private static long[] NumbersOf(ConstantExpression constant) => constant.Type.Kind == ExpressionKind.Double
        ? [(long)Math.Floor(constant.Value.Real), (long)Math.Ceiling(constant.Value.Real)]
        : [constant.Value.Number];

    private static ConstantExpression Whole(ExpressionType type, long number) => new(type, Value.Of(number));
}

/// <summary>A field with several values, of which rules need one: groups, factors, feeds, signals.</summary>
internal sealed class MemberDimension : Dimension
{
    private readonly ulong[] _rules;
    private readonly Utf8Map? _texts;
    private readonly int[] _classOfCode = [];

    /// <param name="members">What each rule needs one of; null for nothing.</param>
    public MemberDimension(FieldId field, IReadOnlyList<IReadOnlyCollection<ConstantExpression>?> members)
        : base(field, (members.Count + 63) / 64)
    {
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
        var count = FieldReader.Count(Field, ref frame);
        for (var i = 0; i < count; i++)
        {
            var item = FieldReader.Item(Field, ref frame, i);
            var found = _texts is not null ? _texts.Find(item.Text) : item.Number < _classOfCode.Length ? _classOfCode[item.Number] : 0;
            if (found <= 0) continue;
            var rules = _rules.AsSpan(found * Words, Words);
            for (var word = 0; word < can.Length; word++) can[word] |= rules[word];
        }

        And(candidates, can);
    }

    private void Set(int of, int rule) => _rules[(of * Words) + (rule >> 6)] |= 1UL << (rule & 63);
}
