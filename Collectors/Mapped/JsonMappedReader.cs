using System.Text;
using System.Text.Json;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>Walks once over a JSON object and notes the values that lie on the paths of a mapping. Builds no document and allocates nothing.</summary>
/// <remarks>Of members given twice the last wins; null is "not given"; an object or a list where a text is asked for is a fault.</remarks>
internal sealed class JsonMappedReader : MappedReader
{
    private readonly Node _root = new();
    private Defect _fault;

    /// <param name="paths">The path of each slot.</param>
    /// <param name="lists">Whether the slot may be a list of texts.</param>
    public JsonMappedReader(IReadOnlyList<string> paths, IReadOnlyList<bool> lists)
    {
        for (var slot = 0; slot < paths.Count; slot++)
        {
            if (!MappedPath.TryParse(paths[slot], out var steps, out var error)) throw new ArgumentException($"{paths[slot]}: {error}", nameof(paths));
            var node = _root;
            foreach (var step in steps) node = node.Child(step);
            (node.Slot, node.IsList, node.NotText) = (slot, lists[slot], $"{paths[slot]} must be {(lists[slot] ? "a list of texts" : "a text, a number, true or false")}");
        }
    }

    public override bool TryRead(ReadOnlySpan<byte> record, MappedSlots slots, out Defect fault)
    {
        _fault = default;
        var reader = new Utf8JsonReader(record);
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) ReadValue(ref reader, _root, slots);
            else _fault = new Defect(DefectReason.WrongType, 0, "the record must be an object");
            if (_fault.IsNone) reader.Read();
        }
        catch (Exception exception) when (JsonFault.IsExpected(exception))
        {
            _fault = JsonFault.Describe(exception, (int)reader.TokenStartIndex, (int)reader.BytesConsumed, reader.CurrentDepth);
        }

        fault = _fault;
        return fault.IsNone;
    }

    private void ReadValue(ref Utf8JsonReader reader, Node node, MappedSlots slots)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when node.Members.Length > 0: ReadMembers(ref reader, node, slots); break;
            case JsonTokenType.StartArray when node.IsList: ReadList(ref reader, node, slots); break;
            case JsonTokenType.StartArray when node.Elements.Length > 0: ReadElements(ref reader, node, slots); break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray: Refuse(ref reader, node); break;
            case JsonTokenType.Null when node.Slot >= 0: slots.Clear(node.Slot); break;
            case JsonTokenType.Null: break;
            default:
                if (node.Slot >= 0) Keep(ref reader, node.Slot, slots, isEntry: false);
                break;
        }
    }

    private void ReadMembers(ref Utf8JsonReader reader, Node node, MappedSlots slots)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = node.Member(ref reader);
            reader.Read();
            if (child is null) reader.Skip();
            else ReadValue(ref reader, child, slots);
        }
    }

    private void ReadElements(ref Utf8JsonReader reader, Node node, MappedSlots slots)
    {
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            var child = node.Element(index);
            if (child is null) reader.Skip();
            else ReadValue(ref reader, child, slots);
        }
    }

    private void ReadList(ref Utf8JsonReader reader, Node node, MappedSlots slots)
    {
        slots.PutList(node.Slot, (int)reader.TokenStartIndex);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) Refuse(ref reader, node);
            else if (reader.TokenType != JsonTokenType.Null) Keep(ref reader, node.Slot, slots, isEntry: true);
        }
    }

    private void Refuse(ref Utf8JsonReader reader, Node node)
    {
        if (node.Slot >= 0 && _fault.IsNone) _fault = new Defect(DefectReason.WrongType, (int)reader.TokenStartIndex, node.NotText);
        reader.Skip();
    }

    private void Keep(ref Utf8JsonReader reader, int slot, MappedSlots slots, bool isEntry)
    {
        var at = (int)reader.TokenStartIndex;
        if (!reader.ValueIsEscaped || reader.TokenType != JsonTokenType.String)
        {
            var start = reader.TokenType == JsonTokenType.String ? at + 1 : at;
            if (isEntry) slots.AddEntry(slot, start, reader.ValueSpan.Length);
            else slots.Put(slot, at, start, reader.ValueSpan.Length);
            return;
        }

        var room = slots.Reserve(reader.ValueSpan.Length);
        var length = reader.CopyString(room);
        if (_fault.IsNone && room[..length].Contains((byte)0)) _fault = new Defect(DefectReason.NulByte, at, "a text that the mapping asks for holds a NUL character");
        if (isEntry) slots.AddCopiedEntry(slot, at, length);
        else slots.PutCopied(slot, at, length);
    }

    /// <summary>One place on the way to the values that are asked for.</summary>
    private sealed class Node
    {
        private byte[] _name = [];
        private int _index = -1;

        public Node[] Members { get; private set; } = [];

        public Node[] Elements { get; private set; } = [];

        public int Slot { get; set; } = -1;

        public bool IsList { get; set; }

        public string NotText { get; set; } = "";

        public Node Child(MappedStep step)
        {
            var name = step.Name is { } text ? Encoding.UTF8.GetBytes(text) : [];
            var known = step.Name is null ? Element(step.Index) : Array.Find(Members, member => member._name.AsSpan().SequenceEqual(name));
            if (known is not null) return known;
            var child = new Node { _name = name, _index = step.Index };
            if (step.Name is null) Elements = [.. Elements, child];
            else Members = [.. Members, child];
            return child;
        }

        public Node? Member(ref Utf8JsonReader reader)
        {
            foreach (var member in Members)
            {
                if (reader.ValueTextEquals(member._name)) return member;
            }

            return null;
        }

        public Node? Element(int index)
        {
            foreach (var element in Elements)
            {
                if (element._index == index) return element;
            }

            return null;
        }
    }
}
