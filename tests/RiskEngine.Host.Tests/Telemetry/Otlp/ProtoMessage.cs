using System.Buffers.Binary;
using System.Text;

namespace RiskEngine.Host.Tests.Telemetry.Otlp;

/// <summary>A message of protocol buffers, read by the numbers of its fields (https://protobuf.dev/programming-guides/encoding/).</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    /// <exception cref="InvalidDataException">It is none.</exception>
    public ProtoMessage(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = Number(ref bytes);
            switch (tag & 7)
            {
                case 0: _fields.Add(((int)(tag >> 3), Number(ref bytes), default)); break;
                case 1: _fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span), default)); break;
                case 2: _fields.Add(((int)(tag >> 3), 0, Take(ref bytes, (int)Number(ref bytes)))); break;
                case 5: _fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span), default)); break;
                default: throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }
    }

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ulong Value(int number) => _fields.FindLast(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Value(number));

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    public ReadOnlyMemory<byte> Bytes(int number) => _fields.FindLast(field => field.Number == number).Bytes;

    public IEnumerable<ProtoMessage> Messages(int number) => _fields.Where(field => field.Number == number).Select(field => new ProtoMessage(field.Bytes));

    private static ulong Number(ref ReadOnlyMemory<byte> bytes)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(ref bytes, 1).Span[0];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return number;
        }

        throw new InvalidDataException("A number does not end.");
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int count)
    {
        if (count < 0 || count > bytes.Length) throw new InvalidDataException("It breaks off.");
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
