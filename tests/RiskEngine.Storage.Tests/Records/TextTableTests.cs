using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Records;

public sealed class TextTableTests
{
    private static readonly EventTime Now = new(1_800_000_000_000);

    private readonly TextTable _texts = new();

    [Fact]
    public void A_text_gets_its_number_when_it_comes_again()
    {
        Assert.Equal([0, 1, 1], Numbers("Firefox", "Firefox", "Firefox"));
        Assert.Equal([0, 2], [_texts.NumberOf("Chrome"), _texts.NumberOf("Chrome")]);
        Assert.Equal("Firefox", _texts.String(1));
        Assert.Equal(2, _texts.NumberOf("Chrome"u8));
    }

    [Fact]
    public void A_flood_of_texts_that_never_come_again_takes_no_numbers()
    {
        for (var i = 0; i < 200_000; i++) Assert.Equal(0, _texts.NumberOf(Text(i)));
        Assert.Equal(0, _texts.Count);
        Assert.Equal([0, 1], Numbers("Firefox", "Firefox"));
    }

    [Fact]
    public void A_long_text_gets_no_number_however_often_it_comes()
    {
        var longest = new string('x', TextTable.LongestText);
        Assert.Equal([0, 1], Numbers(longest, longest));
        Assert.Equal([0, 0, 0], Numbers(longest + "y", longest + "y", longest + "y"));
    }

    [Fact]
    public void A_full_table_keeps_its_numbers_and_gives_out_no_more()
    {
        Fill();
        Assert.Equal(TextTable.Capacity, _texts.Count);
        Assert.Equal([0, 0, 0], Numbers("new", "new", "new"));
        Assert.Equal(1, _texts.NumberOf(Text(0)));
        Assert.Equal(TextTable.Capacity, _texts.NumberOf(Text(TextTable.Capacity - 1)));
    }

    [Fact]
    public async Task An_event_whose_texts_found_no_room_comes_back_as_it_was()
    {
        Fill();
        var codec = new StoredEventCodec(_texts);
        var buffer = new ByteBuffer();
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var work = (await new UnitOfWork(store.Hash).Login("a", Now).LoadAsync(store)).Judge();
        codec.Write(buffer, work.Effects, 0);
        codec.Write(buffer, work.Effects, 0);
        var stored = codec.Read(buffer.Written);
        Assert.Equal(("Mozilla/5.0 (X11; Linux x86_64)", "grafana", "policy-1", "ipsum, tor"), (stored.UserAgent, stored.Application, stored.Assessment!.PolicyVersion, stored.Assessment.Signals[1].Detail));
    }

    [Fact]
    public void Asking_allocates_nothing_for_texts_known_and_texts_refused()
    {
        Fill();
        var (known, refused) = (Text(7), Encoding.UTF8.GetBytes("refused"));
        _texts.NumberOf("a rule");
        Assert.Equal(0, Allocations.Least(() =>
        {
            _texts.NumberOf(known);
            _texts.NumberOf(refused);
            _texts.NumberOf("a rule");
        }));
    }

    private void Fill()
    {
        for (var i = 0; i < TextTable.Capacity; i++) Assert.Equal([0, i + 1], [_texts.NumberOf(Text(i)), _texts.NumberOf(Text(i))]);
    }

    private int[] Numbers(params string[] texts) => [.. texts.Select(text => _texts.NumberOf(Encoding.UTF8.GetBytes(text)))];

    private static byte[] Text(int number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"agent {number}"));
}
