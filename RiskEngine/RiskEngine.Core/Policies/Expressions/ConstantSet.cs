using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>The values of a list that is written out, for asking quickly whether a value is among them. Immutable.</summary>
internal sealed class ConstantSet
{
    private readonly ExpressionKind _kind;
    private readonly long[] _numbers = [];
    private readonly double[] _reals = [];
    private readonly Utf8Map? _texts;
    private readonly Range[] _ranges = [], _rangesIPv4 = [];

    /// <param name="items">Constants of one type.</param>
    public ConstantSet(IReadOnlyList<ConstantExpression> items)
    {
        _kind = items.Count == 0 ? ExpressionKind.Nothing : items[0].Type.Kind;
        switch (_kind)
        {
            case ExpressionKind.Text:
                _texts = new Utf8Map([.. items.Select(item => item.Text).Distinct().Select(text => (System.Text.Encoding.UTF8.GetBytes(text), 0))]);
                break;
            case ExpressionKind.Double:
                _reals = [.. items.Select(item => item.Value.Real).Order()];
                break;
            case ExpressionKind.Ip or ExpressionKind.Cidr:
                AddressPrefix[] networks = [.. items.Select(item => new AddressPrefix(item.Value.Address, _kind == ExpressionKind.Ip ? (byte)128 : (byte)item.Value.Number))];
                _rangesIPv4 = Merge(networks.Where(network => network.IsIPv4));
                _ranges = Merge(networks.Where(network => !network.IsIPv4));
                break;
            default:
                _numbers = [.. items.Select(item => item.Value.Number).Order()];
                break;
        }
    }

    /// <summary>Whether a value is one of them, or an address in one of them.</summary>
    public bool Contains(in Value value) => _kind switch
    {
        ExpressionKind.Text => _texts!.Find(value.Text) >= 0,
        ExpressionKind.Double => !double.IsNaN(value.Real) && Array.BinarySearch(_reals, value.Real) >= 0,
        ExpressionKind.Ip or ExpressionKind.Cidr => Contains(value.Address.IsIPv4 ? _rangesIPv4 : _ranges, value.Address),
        _ => Array.BinarySearch(_numbers, value.Number) >= 0,
    };

    private static bool Contains(Range[] ranges, in IpAddress address)
    {
        var number = new UInt128(address.High, address.Low);
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (number < ranges[middle].Start) high = middle - 1;
            else if (number > ranges[middle].End) low = middle + 1;
            else return true;
        }

        return false;
    }

    /// <summary>The networks in order, those that lie in others left out.</summary>
    private static Range[] Merge(IEnumerable<AddressPrefix> networks)
    {
        List<Range> merged = [];
        foreach (var network in networks.OrderBy(network => network.Start).ThenByDescending(network => network.End))
        {
            if (merged.Count == 0 || network.Start > merged[^1].End) merged.Add(new Range(network.Start, network.End));
        }

        return [.. merged];
    }

    private readonly record struct Range(UInt128 Start, UInt128 End);
}
