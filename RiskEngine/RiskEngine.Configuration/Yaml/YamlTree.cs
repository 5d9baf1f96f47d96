using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RiskEngine.Configuration.Yaml;

/// <summary>Builds nodes from YAML text: one document of plain mappings, lists and values.</summary>
/// <remarks>
/// Anchors, aliases and tags are refused, so that no file grows when it is read; nesting is bounded, so that none exhausts the stack. A key
/// given twice is a fault, and the first one counts.
/// </remarks>
internal sealed class YamlTree
{
    /// <summary>Levels of nesting.</summary>
    public const int MaximumDepth = 64;

    private readonly Parser _parser;
    private readonly string _source;
    private readonly string _text;
    private readonly FaultList _faults;

    private YamlTree(string text, string source, FaultList faults)
    {
        _parser = new Parser(new StringReader(text));
        _source = source;
        _text = text;
        _faults = faults;
    }

    /// <summary>The document as nodes, an empty section where there is nothing in it; null, with a fault, where it is no YAML.</summary>
    public static MappingNode? Parse(string text, string source, FaultList faults)
    {
        if (LineIndentedByTab(text) is { } line)
        {
            faults.Add(new Place(source, line, 1), "", "a tab indents this line; YAML is indented by spaces");
            return null;
        }

        try
        {
            return new YamlTree(text, source, faults).Document();
        }
        catch (YamlException e)
        {
            var place = new Place(source, (int)Math.Max(e.Start.Line, 1), (int)Math.Max(e.Start.Column, 1));
            faults.Add(place, "", $"this is not YAML: {e.Message}");
            return null;
        }
        catch (RefusedException e)
        {
            faults.Add(e.Place, "", e.Message);
            return null;
        }
    }

    /// <summary>The first line with content that a tab indents. The parser lets some of them pass, with a meaning nobody expects.</summary>
    private static int? LineIndentedByTab(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var content = line.TrimStart();
            if (!content.IsEmpty && content[0] != '#' && line[..^content.Length].Contains('\t')) return number;
        }

        return null;
    }

    private MappingNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return Empty();
        _parser.Consume<DocumentStart>();
        var root = Read(default, depth: 0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _)) throw new RefusedException(PlaceHere(), "a second document starts here; put everything into one");
        if (root is ScalarNode { IsNothing: true }) return Empty();
        return root as MappingNode ?? throw new RefusedException(root.Place, $"expected sections with keys, found {(root is ScalarNode ? "a text without any" : root.Describe())}");
    }

    private MappingNode Empty() => new(new Place(_source, 1, 1), new Dictionary<string, Node>());

    private Node Read(Place? keyPlace, int depth)
    {
        if (depth > MaximumDepth) throw new RefusedException(PlaceHere(), $"nested more than {MaximumDepth} levels deep");
        var place = keyPlace is { Source: not null } key ? key : PlaceHere();
        if (_parser.TryConsume<AnchorAlias>(out _)) throw new RefusedException(place, "aliases (*name) are not supported; write the value out");
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false }) throw new RefusedException(place, "anchors (&name) are not supported; write the value out where it is used");
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false }) throw new RefusedException(place, "tags (!name) are not supported; remove it");
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new ScalarNode(place, scalar.Value, scalar.Style == ScalarStyle.Plain) { Origin = new ScalarOrigin(_source, _text, (int)scalar.Start.Index, scalar.Style, scalar.Value) };
        return _parser.TryConsume<SequenceStart>(out _) ? Sequence(place, depth) : Mapping(place, depth);
    }

    private SequenceNode Sequence(Place place, int depth)
    {
        List<Node> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Read(null, depth + 1));
        return new SequenceNode(place, items);
    }

    private MappingNode Mapping(Place place, int depth)
    {
        _parser.Consume<MappingStart>();
        Dictionary<string, Node> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = PlaceHere();
            if (Read(null, depth + 1) is not ScalarNode key) throw new RefusedException(keyPlace, "a key is a single word");
            var value = Read(keyPlace, depth + 1);
            if (entries.TryAdd(key.Value, value)) continue;
            _faults.Add(keyPlace, key.Value, $"given twice, first on line {entries[key.Value].Place.Line}; remove one");
        }

        return new MappingNode(place, entries);
    }

    private Place PlaceHere()
    {
        // Current is null before the first event of a lazy parser; asking for the next event fills it.
        _ = _parser.Accept<ParsingEvent>(out var next);
        return next is null ? new Place(_source, 1, 1) : new Place(_source, (int)next.Start.Line, (int)next.Start.Column);
    }

    private sealed class RefusedException(Place place, string message) : Exception(message)
    {
        public Place Place { get; } = place;
    }
}
