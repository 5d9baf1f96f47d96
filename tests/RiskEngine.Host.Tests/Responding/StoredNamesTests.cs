using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Responding;

public sealed class StoredNamesTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);

    [Theory]
    [InlineData("42", "name-of-42")]
    [InlineData("name-of-42", null)]
    [InlineData("7", null)]
    [InlineData("9", null)]
    public async Task A_name_is_that_of_an_event_of_the_same_id_and_tenant(string id, string? expected)
    {
        await StoreAsync(new UnitOfWork(_store.Hash).Login("e1", Now, "42"));
        var elsewhere = new UnitOfWork(_store.Hash).Login("e2", Now, "7");
        elsewhere.Batch[0].Tenant = elsewhere.Batch.Append("b"u8);
        await StoreAsync(elsewhere);
        var named = new UnitOfWork(_store.Hash).Login("e3", Now, "x");
        (named.Batch[0].SubjectId, named.Batch[0].SubjectName) = (default, named.Batch.Append(Encoding.UTF8.GetBytes("9")));
        await StoreAsync(named);

        Assert.Equal(expected, await new StoredNames(_store, _store.Hash).FindAsync(id, CancellationToken.None));
    }

    private async Task StoreAsync(UnitOfWork work) => await _store.CommitAsync((await work.LoadAsync(_store)).Judge().Effects, CancellationToken.None);
}
