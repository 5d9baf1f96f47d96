using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>The values of a term in classes that comparing with certain constants cannot tell apart. Immutable.</summary>
/// <remarks>
/// Of closed sets every value is a class; of texts each constant, and all others together; of what has an order each constant and each gap between
/// two; of addresses each stretch between two ends of networks.
/// </remarks>
internal sealed class ValueClasses
{
    private readonly ExpressionKind _kind;
    private readonly long[] _numbers = [];
    private readonly double[] _reals = [];
    private readonly UInt128[] _starts = [];
    private readonly Utf8Map? _texts;

    /// <param name="type">The type of the term; kinds of network are taken by their bits.</param>
    /// <param name="constants">What conditions compare it with.</param>
    public ValueClasses(ExpressionType type, IReadOnlyCollection<ConstantExpression> constants)
    {
        _kind = type.Kind;
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
            case ExpressionKind.Ip:
                _starts = [.. Ends(constants).Append(UInt128.Zero).Distinct().Order()];
                classes.AddRange(_starts.Select(start => new ConstantExpression(type, Value.Of(new IpAddress((ulong)(start >> 64), (ulong)start)))));
                break;
            default:
                _numbers = [.. constants.SelectMany(NumbersOf).Distinct().Order()];
                foreach (var number in _numbers) classes.AddRange([Whole(type, number - (number > long.MinValue ? 1 : 0)), Whole(type, number)]);
                classes.Add(Whole(type, _numbers.Length == 0 ? 0 : _numbers[^1] + (_numbers[^1] < long.MaxValue ? 1 : 0)));
                break;
        }

        Representatives = classes;
    }

    /// <summary>Gets a value of each class.</summary>
    public IReadOnlyList<ConstantExpression> Representatives { get; }

    /// <summary>Whether a constant makes classes that values fall into without rounding.</summary>
    public static bool IsExact(ConstantExpression constant) => constant.Type.Kind switch
    {
        ExpressionKind.Int => Math.Abs((double)constant.Value.Number) < 9e15,
        ExpressionKind.Double => Math.Abs(constant.Value.Real) < 9e15,
        _ => true,
    };

    /// <summary>The number of the class that a value is in.</summary>
    public int Of(in Value value) => _kind switch
    {
        ExpressionKind.Bool or ExpressionKind.Name => (int)value.Number,
        ExpressionKind.Text => _texts!.Find(value.Text) is var found and >= 0 ? found : Representatives.Count - 1,
        ExpressionKind.Double => Region(Array.BinarySearch(_reals, value.Real)),
        ExpressionKind.Ip => Stretch(Array.BinarySearch(_starts, new UInt128(value.Address.High, value.Address.Low))),
        _ => Region(Array.BinarySearch(_numbers, value.Number)),
    };

    /// <summary>Odd classes are the constants themselves, even ones the gaps between them.</summary>
    private static int Region(int found) => found >= 0 ? (2 * found) + 1 : 2 * ~found;

    private static int Stretch(int found) => found >= 0 ? found : ~found - 1;

    /// <summary>Where networks begin and where they have ended; those of all of IPv4 as well, which no network of IPv6 holds.</summary>
    private static IEnumerable<UInt128> Ends(IEnumerable<ConstantExpression> constants)
    {
        var networks = constants.Select(constant => new Facts.AddressPrefix(constant.Value.Address, constant.Type.Kind == ExpressionKind.Ip ? (byte)128 : (byte)constant.Value.Number));
        foreach (var network in networks.Append(Networks.Around(IpAddress.FromIPv4(0), 96)))
        {
            yield return network.Start;
            if (network.End != UInt128.MaxValue) yield return network.End + 1;
        }
    }

    private static double RealOf(ConstantExpression constant) => constant.Type.Kind == ExpressionKind.Int ? constant.Value.Number : constant.Value.Real;

    private static long[] NumbersOf(ConstantExpression constant) => constant.Type.Kind == ExpressionKind.Double
        ? [(long)Math.Floor(constant.Value.Real), (long)Math.Ceiling(constant.Value.Real)]
        : [constant.Value.Number];

    private static ConstantExpression Whole(ExpressionType type, long number) => new(type, Value.Of(number));
}
