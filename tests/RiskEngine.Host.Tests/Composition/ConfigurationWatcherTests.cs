using System.Threading.Channels;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Tests.Composition;

public sealed class ConfigurationWatcherTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Who_fails_at_one_change_is_told_of_it_and_asked_again_at_the_next()
    {
        var changes = 0;
        using var watcher = new ConfigurationWatcher(() => [_file], Change, file => _told.Writer.TryWrite($"gone {file}"), failure => _told.Writer.TryWrite(failure.Message), TimeSpan.FromMilliseconds(10));
        await File.WriteAllTextAsync(_file, "a");
        Assert.Equal("broken", await NextAsync());
        await File.WriteAllTextAsync(_file, "an");
        Assert.Equal("changed", await NextAsync());

        void Change()
        {
            if (++changes == 1) throw new OverflowException("broken");
            _told.Writer.TryWrite("changed");
        }
    }

    [Fact]
    public async Task Files_that_cannot_be_named_once_are_asked_for_again()
    {
        var asked = 0;
        using var watcher = new ConfigurationWatcher(Files, () => _told.Writer.TryWrite("changed"), _ => { }, failure => _told.Writer.TryWrite(failure.Message), TimeSpan.FromMilliseconds(10));
        Assert.Equal("broken", await NextAsync());
        await File.WriteAllTextAsync(_file, "a");
        Assert.Equal("changed", await NextAsync());

        string?[] Files() => ++asked == 2 ? throw new InvalidOperationException("broken") : [_file];
    }

    private Task<string> NextAsync() => _told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
