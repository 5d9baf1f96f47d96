using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>What a stopped server left in its store.</summary>
internal static class StoredLogins
{
    /// <summary>Asserts that each of these events is stored once, and was counted once for its subject.</summary>
    /// <param name="numbers">Every event that was ever sent.</param>
    public static async Task AssertOnceAsync(string path, IReadOnlyCollection<int> numbers)
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System);
        await AssertOnceAsync(store, numbers);
    }

    /// <summary>The same of an open store.</summary>
    public static async Task AssertOnceAsync<TStore>(TStore store, IReadOnlyCollection<int> numbers)
        where TStore : IStateStore, IRecordStore
    {
        var ids = await ReadIdsAsync(store);
        Assert.Equal(numbers.Count, ids.Count);
        Assert.Equal(numbers.Select(Submission.IdOf).Order(), ids.Order());
        foreach (var number in numbers) Assert.NotNull(await store.FindEventAsync("default", Submission.IdOf(number), CancellationToken.None));
        foreach (var subject in numbers.GroupBy(Submission.SubjectOf)) Assert.Equal(subject.Count(), await LoginsOfAsync(store, subject.Key));
    }

    /// <summary>The ids of all assessments, repeated ones too.</summary>
    public static async Task<IReadOnlyList<string>> ReadIdsAsync(IRecordStore store)
    {
        List<string> ids = [];
        string? cursor = null;
        do
        {
            var page = await store.FindAssessmentsAsync(new AssessmentQuery { Limit = 1000, Cursor = cursor }, CancellationToken.None);
            ids.AddRange(page.Items.Select(item => item.EventId));
            cursor = page.Next;
        }
        while (cursor is not null);
        return ids;
    }

    private static async Task<int> LoginsOfAsync(IStateStore store, string subject) =>
        (int)(await new UnitOfWork(store.Hash).Login("asking", new EventTime(1), subject).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins;
}
