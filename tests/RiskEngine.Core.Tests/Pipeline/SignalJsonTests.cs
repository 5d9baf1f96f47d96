using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>Signals put together of parts read as the library's writer would have written them, property by property.</summary>
public sealed class SignalJsonTests
{
    public static TheoryData<string> Reasons =>
    [
        "",
        "3 failures, 1 success from this address",
        "on feed \"quoted\"",
        "back\\slash </script> & 'more' + `that`",
        "line\nbreak, tab\t, null\0, bell\u0007",
        "Köln, 東京, 🙂",
        "on feed ~{[braces]}|^$@!?*",
        new string('"', SignalReasons.MaximumLength),
        new string('x', SignalReasons.MaximumLength),
    ];

    [Fact]
    public void Each_character_of_ascii_is_written_as_the_writers_encoder_wants_it()
    {
        for (var character = '\0'; character <= '\u007f'; character++) A_reason_is_written_as_the_writers_encoder_wants_it($"a{character}b");
    }

    [Theory, MemberData(nameof(Reasons))]
    public void A_reason_is_written_as_the_writers_encoder_wants_it(string reason)
    {
        foreach (var encoder in new[] { null, JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        {
            Assert.Equal(
                Written(encoder, writer => Plainly(writer, SignalCode.FeedHit, -1.25, reason)),
                Written(encoder, writer => SignalJson.Write(writer, SignalCode.FeedHit, -1.25, Encoding.UTF8.GetBytes(reason))));
        }
    }

    [Fact]
    public void Every_signal_has_its_own_code_group_and_technique()
    {
        foreach (var signal in SignalCatalogue.All)
        {
            Assert.Equal(
                Written(null, writer => Plainly(writer, signal.Code, 0.123456, "said")), Written(null, writer => SignalJson.Write(writer, signal.Code, 0.123456, "said"u8)));
        }
    }

    [Fact]
    public void Several_stand_in_an_array()
    {
        var text = Written(null, writer =>
        {
            writer.WriteStartArray();
            for (var i = 0; i < 3; i++) SignalJson.Write(writer, SignalCode.NewDevice, i, "new"u8);
            writer.WriteEndArray();
        });
        using var read = JsonDocument.Parse(text);
        Assert.Equal([0.0, 1.0, 2.0], read.RootElement.EnumerateArray().Select(signal => signal.GetProperty("contribution").GetDouble()));
    }

    private static void Plainly(Utf8JsonWriter writer, SignalCode code, double contribution, string reason)
    {
        var description = code.Describe();
        writer.WriteStartObject();
        writer.WriteString("code", description.Name);
        writer.WriteString("group", description.Group.Name());
        writer.WriteNumber("contribution", contribution);
        writer.WriteString("reason", reason);
        writer.WriteString("attack", description.Attack);
        writer.WriteEndObject();
    }

    private static string Written(JavaScriptEncoder? encoder, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = encoder })) write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
