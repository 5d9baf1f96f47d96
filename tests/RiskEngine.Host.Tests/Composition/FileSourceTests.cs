using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Tests.Composition;

public sealed class FileSourceTests
{
    private static readonly FormatContext Common = new() { Hash = new KeyedHash(new byte[16]), Clock = new ClockInBerlin() };

    [Fact]
    public void Without_a_word_lines_are_in_the_time_zone_of_this_machine() =>
        Assert.Equal("Berlin", FileSource.ContextOf(new FileSourceSettings { Path = "auth.log" }, Common).Zone.Id);

    [Fact]
    public void An_offset_takes_its_place()
    {
        var settings = new FileSourceSettings { Path = "auth.log", UtcOffset = new UtcOffset(TimeSpan.FromHours(-5)) };
        Assert.Equal(TimeSpan.FromHours(-5), FileSource.ContextOf(settings, Common).Zone.GetUtcOffset(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Two_files_of_one_name_have_labels_and_ids_of_their_own_once_one_is_named()
    {
        var (one, other) = (new FileSourceSettings { Path = "a/auth.log" }, new FileSourceSettings { Path = "b/auth.log", Name = "bastion" });
        Assert.Equal(("file:auth.log", "file:bastion"), (FileSource.LabelOf(one), FileSource.LabelOf(other)));
        Assert.Equal(("", "bastion"), (FileSource.ContextOf(one, Common).SourceName, FileSource.ContextOf(other, Common).SourceName));
    }

    private sealed class ClockInBerlin : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("Berlin", TimeSpan.FromHours(1), "Berlin", "Berlin");
    }
}
