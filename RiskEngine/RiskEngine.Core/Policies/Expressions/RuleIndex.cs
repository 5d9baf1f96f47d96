using System.Numerics;

namespace RiskEngine.Core.Policies;

/// <summary>Finds the first of many conditions that holds, without asking each of them.</summary>
/// <remarks>
/// Each field, and each part of a time, that two conditions or more compare with constants is a dimension; a login falls into one class of it, and the class names as bits the conditions
/// that can hold. The bits of all dimensions are and-ed, which is the bit vector scheme of Lakshman and Stiliadis ("High-Speed Policy-Based Packet
/// Forwarding Using Efficient Multi-Dimensional Range Matching", SIGCOMM 1998), with predicates in place of ranges as in publish/subscribe (Fabret
/// et al., "Filtering Algorithms and Implementation for Very Fast Publish/Subscribe Systems", SIGMOD 2001). What the bits have decided is not asked
/// again; the rest of a condition is, and once a login where several conditions share it. Immutable, thread-safe, allocates nothing.
/// </remarks>
internal sealed class RuleIndex
{
    private const int MaximumShared = 1024;

    private static readonly FieldId[] Lists = [FieldId.EventMfa, FieldId.SubjectGroups, FieldId.NetworkFeeds, FieldId.FleetAttacks, FieldId.Signals];

    private readonly Dimension[] _dimensions;
    private readonly Part[][] _rest;
    private readonly int _words;
    private readonly int _shared;
    private readonly ulong _last;

    /// <param name="conditions">In the order in which they are asked.</param>
    public RuleIndex(IReadOnlyList<Expression> conditions, PolicySchema schema)
    {
        _words = (conditions.Count + 63) / 64;
        _last = (conditions.Count & 63) == 0 ? ulong.MaxValue : (1UL << (conditions.Count & 63)) - 1;
        var parts = conditions.Select(condition => Conjuncts(condition).ToList()).ToList();
        var terms = new Terms(conditions, schema);
        List<Dimension> dimensions = [];
        foreach (var list in Lists) AddMembers(list, parts, dimensions);
        foreach (var term in terms.All) AddValues(terms, term, parts, dimensions);

        _dimensions = [.. dimensions];
        var shared = parts.SelectMany(rest => rest.Select(part => part.ToString()).Distinct()).GroupBy(text => text).Where(group => group.Count() > 1)
            .Select(group => group.Key).Take(MaximumShared).Select((text, i) => (text, i)).ToDictionary(pair => pair.text, pair => pair.i);
        _shared = shared.Count;
        _rest = [.. parts.Select(rest => rest.Select(part => new Part(part, shared.GetValueOrDefault(part.ToString(), -1))).OrderBy(part => part.Condition.Cost).ToArray())];
    }

    /// <summary>The number of the first condition that holds, from a number on; −1 where none does.</summary>
    /// <param name="skip">Conditions to pass over, as bits; <see cref="Words"/> of them, or none.</param>
    public int First(scoped ref Frame frame, scoped ReadOnlySpan<ulong> skip)
    {
        if (_words == 0) return -1;
        Span<ulong> candidates = stackalloc ulong[_words];
        Narrow(ref frame, 0, candidates);
        for (var word = 0; word < skip.Length; word++) candidates[word] &= ~skip[word];
        Span<byte> known = stackalloc byte[_shared];
        known.Clear();
        for (var word = 0; word < candidates.Length; word++)
        {
            for (var bits = candidates[word]; bits != 0; bits &= bits - 1)
            {
                var rule = (word << 6) + BitOperations.TrailingZeroCount(bits);
                if (Holds(ref frame, _rest[rule], known)) return rule;
            }
        }

        return -1;
    }

    /// <summary>Writes the conditions that can hold for a login as bits: those that no dimension rules out.</summary>
    /// <param name="unknown">Fields of which nothing is known, as bits by <see cref="FieldId"/>; dimensions that ask them rule nothing out.</param>
    /// <param name="candidates"><see cref="Words"/> words, not none.</param>
    public void Narrow(scoped ref Frame frame, ulong unknown, scoped Span<ulong> candidates)
    {
        candidates.Fill(ulong.MaxValue);
        candidates[^1] = _last;
        foreach (var dimension in _dimensions)
        {
            if ((dimension.Fields & unknown) == 0) dimension.Narrow(ref frame, candidates);
        }
    }

    /// <summary>Gets the length of a mask of conditions.</summary>
    public int Words => _words;

    private static bool Holds(scoped ref Frame frame, Part[] rest, scoped Span<byte> known)
    {
        foreach (var (condition, shared) in rest)
        {
            if (shared < 0)
            {
                if (!condition.Holds(ref frame)) return false;
                continue;
            }

            if (known[shared] == 0) known[shared] = condition.Holds(ref frame) ? (byte)1 : (byte)2;
            if (known[shared] == 2) return false;
        }

        return true;
    }

    private static IEnumerable<Expression> Conjuncts(Expression condition) => condition switch
    {
        LogicalExpression { IsAnd: true } and => and.Parts.SelectMany(Conjuncts),
        ConstantExpression { Value.Number: not 0 } => [],
        _ => [condition],
    };

    private static void AddMembers(FieldId list, List<List<Expression>> parts, List<Dimension> dimensions)
    {
        List<(IReadOnlyCollection<ConstantExpression>? Members, Expression? Part)> needs = [];
        foreach (var rest in parts)
        {
            var (members, part) = rest.Select(part => (Members: Membership.Needed(part, list), part)).Where(need => need.Members is not null).OrderBy(need => need.Members!.Count).FirstOrDefault();
            needs.Add((members, part));
        }

        if (needs.Count(need => need.Members is not null) < 2 || needs.Sum(need => need.Members?.Count ?? 0) > ValueDimension.MaximumClasses) return;
        if (needs.TrueForAll(need => need.Members is null or { Count: 0 })) return;
        dimensions.Add(new MemberDimension(list, [.. needs.Select(need => need.Members)]));
        for (var rule = 0; rule < parts.Count; rule++)
        {
            if (needs[rule].Part is { } part && Membership.IsAll(part, list)) parts[rule].Remove(part);
        }
    }

    private static void AddValues(Terms terms, Term term, List<List<Expression>> parts, List<Dimension> dimensions)
    {
        if (term.Rules.Count < 2 || term.Constants.Count > ValueDimension.MaximumClasses / 2 || !term.Constants.All(ValueClasses.IsExact)) return;
        var decided = new HashSet<Expression>(term.Rules.SelectMany(rule => parts[rule]), ReferenceEqualityComparer.Instance);
        var classes = new ValueClasses(term.Expression.Type, term.Constants);
        Func<Expression, bool> isTerm = expression => terms.Is(expression, term);
        dimensions.Add(new ValueDimension(term.Expression, classes, parts.Count, (rule, value) =>
        {
            if (!term.Rules.Contains(rule)) return true;
            var evaluation = new PartialEvaluation(term.Field, isTerm) { Known = value };
            var canHold = true;
            foreach (var part in parts[rule])
            {
                var truths = evaluation.Of(part);
                if (!BitOperations.IsPow2((uint)truths)) decided.Remove(part);
                canHold &= (truths & Truths.True) != Truths.None;
            }

            return canHold;
        }));
        foreach (var rule in term.Rules) parts[rule].RemoveAll(decided.Contains);
    }

    private readonly record struct Part(Expression Condition, int Shared);
}
