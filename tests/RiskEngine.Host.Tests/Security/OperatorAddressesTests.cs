using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Host.Security;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Security;

public sealed class OperatorAddressesTests
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);
    private readonly OperatorAddresses _operators;
    private int _changes;

    public OperatorAddressesTests() => _operators = Make();

    [Theory, InlineData("203.0.113.7", "203.0.113.7/32"), InlineData("::ffff:203.0.113.7", "203.0.113.7/32"), InlineData("2001:db8:1:2::7", "2001:db8:1:2::/64")]
    public async Task An_address_or_a_64_is_noted_once_and_outlives_a_restart(string address, string network)
    {
        await NoteAsync(address);
        await NoteAsync(address);
        Assert.Equal([network], _operators.Networks.Select(known => known.ToString()));
        Assert.Equal(1, _changes);
        Assert.Single(await _store.ReadAuditAsync(0, 10, CancellationToken.None));
        var again = Make();
        await again.LoadAsync(CancellationToken.None);
        Assert.Equal(_operators.Networks, again.Networks);
    }

    [Theory, InlineData("127.0.0.1"), InlineData("10.0.0.7"), InlineData("fd00::7")]
    public async Task An_address_that_no_block_hits_anyway_is_not(string address)
    {
        await NoteAsync(address);
        Assert.Empty(_operators.Networks);
    }

    [Theory, InlineData(29, 1), InlineData(30, 0)]
    public async Task After_thirty_days_it_is_over_and_after_each_day_it_is_written_again(int days, int left)
    {
        await NoteAsync("203.0.113.7");
        _clock.Advance(TimeSpan.FromDays(days));
        _operators.Tidy();
        Assert.Equal(left, _operators.Networks.Count);
        await NoteAsync("203.0.113.7");
        Assert.Equal(2, (await _store.ReadAuditAsync(0, 10, CancellationToken.None)).Count);
        _clock.Advance(TimeSpan.FromDays(29));
        Assert.Single(_operators.Networks);
    }

    [Fact]
    public async Task The_one_seen_longest_ago_gives_way()
    {
        for (var i = 0; i <= OperatorAddresses.Capacity; i++)
        {
            await NoteAsync($"203.0.113.{i}");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(OperatorAddresses.Capacity, _operators.Networks.Count);
        Assert.DoesNotContain("203.0.113.0/32", _operators.Networks.Select(known => known.ToString()));
    }

    private Task NoteAsync(string address) => _operators.Note(IPAddress.Parse(address), "administrator");

    private OperatorAddresses Make() => new(_store, _clock, NullLogger<OperatorAddresses>.Instance) { Changed = () => _changes++ };
}
