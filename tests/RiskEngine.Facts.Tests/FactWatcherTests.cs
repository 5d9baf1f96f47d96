using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Facts.Tests;

public sealed class FactWatcherTests : IDisposable
{
    private static readonly IpAddress Listed = IpAddress.Parse("8.8.8.8");

    private readonly TemporaryFolder _folder = new();
    private readonly List<FactLoad> _changes = [];
    private readonly FactFiles _files;
    private readonly FactWatcher _watcher;

    public FactWatcherTests()
    {
        _files = new FactFiles { Feeds = [new FeedFile { Name = "list", Path = _folder.Write("list.txt", "9.9.9.9\n"), Group = FeedGroup.List, Evidence = 1 }] };
        _watcher = new FactWatcher(_files, new ManualTimeProvider(DateTimeOffset.UnixEpoch), TimeSpan.FromSeconds(10), _changes.Add);
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Nothing_happens_while_nothing_changes()
    {
        var first = _watcher.Snapshot;

        Assert.False(_watcher.Poll() || _watcher.Poll() || _watcher.Poll());
        Assert.Same(first, _watcher.Snapshot);
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_change_is_taken_once_two_polls_found_it_alike()
    {
        _folder.Write("list.txt", "8.8.8.8\n");

        Assert.False(_watcher.Poll());
        Assert.Equal(0, _watcher.Snapshot.Lookup(Listed).FeedHitCount);
        Assert.True(_watcher.Poll());
        Assert.Equal(1, _watcher.Snapshot.Lookup(Listed).FeedHitCount);
        Assert.False(_watcher.Poll());
        Assert.Same(_watcher.Current, Assert.Single(_changes));
    }

    [Fact]
    public void A_file_that_keeps_growing_is_left_alone_and_does_not_hold_up_others()
    {
        var files = _files with { Feeds = [.. _files.Feeds, new FeedFile { Name = "two", Path = _folder.Write("two.txt", "7.7.7.7\n"), Group = FeedGroup.List, Evidence = 2 }] };
        _watcher.Use(files);
        _folder.Write("two.txt", "8.8.8.8\n");
        for (var length = 1; length <= 3; length++)
        {
            _folder.Write("list.txt", string.Concat(Enumerable.Repeat("8.8.8.8\n", length)));
            _watcher.Poll();
        }

        Assert.Equal(new FeedHit(1, 2, 1), _watcher.Snapshot.Lookup(Listed).GetFeedHit(0));
        Assert.Equal(1, _watcher.Snapshot.Lookup(Listed).FeedHitCount);
    }

    [Fact]
    public void A_bad_change_is_reported_once_and_the_snapshot_serves_on()
    {
        _folder.Write("list.txt", "no address\n");
        for (var i = 0; i < 5; i++) _watcher.Poll();

        Assert.Equal(FactFileOutcome.Refused, Assert.Single(_changes).Files[0].Outcome);
        Assert.Equal(1, _watcher.Snapshot.Lookup(IpAddress.Parse("9.9.9.9")).FeedHitCount);
    }

    [Fact]
    public void A_file_that_goes_and_comes_back_is_taken_again()
    {
        File.Delete(_folder.Path("list.txt"));
        for (var i = 0; i < 3; i++) _watcher.Poll();
        Assert.Equal(FactFileOutcome.Missing, Assert.Single(_changes).Files[0].Outcome);
        Assert.Equal(1, _watcher.Snapshot.FeedCount);

        _folder.Write("list.txt", "8.8.8.8\n");
        for (var i = 0; i < 3; i++) _watcher.Poll();
        Assert.Equal(1, _watcher.Snapshot.Lookup(Listed).FeedHitCount);
    }

    [Fact]
    public void A_file_that_comes_only_later_is_taken_then()
    {
        _watcher.Use(new FactFiles { City = [_folder.Path("city.mmdb")] });
        Assert.Contains("city", _watcher.Snapshot.Missing);

        _folder.Write("city.mmdb", SyntheticDatabase.Of("country_code", "US"));
        for (var i = 0; i < 2; i++) _watcher.Poll();
        Assert.DoesNotContain("city", _watcher.Snapshot.Missing);
    }

    [Fact]
    public void Look_ups_go_on_while_snapshots_are_swapped()
    {
        using var stop = new CancellationTokenSource();
        var faults = 0;
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (_watcher.Snapshot.Lookup(IpAddress.Parse("9.9.9.9")).FeedHitCount != 1) faults++;
            }
        });
        reader.Start();
        for (var i = 0; i < 40; i++)
        {
            _folder.Write("list.txt", $"9.9.9.9\n8.8.8.{i}\n");
            _watcher.Poll();
            _watcher.Poll();
        }

        stop.Cancel();
        reader.Join();
        Assert.Equal((0, 40), (faults, _changes.Count));
    }
}
