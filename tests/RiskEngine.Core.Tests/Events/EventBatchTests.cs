using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Events;

public sealed class EventBatchTests
{
    [Fact]
    public void An_event_starts_with_nothing_given()
    {
        var added = new EventBatch().Add(default);
        Assert.Equal((-1, true, true), (added.RoundTripMilliseconds, float.IsNaN(added.Latitude), float.IsNaN(added.Longitude)));
        Assert.Null(added.KnownDevice);
    }

    [Fact]
    public void Rewind_takes_back_events_texts_and_lists_and_nothing_before_them()
    {
        var batch = new EventBatch(2);
        Fill(batch, "a", 1);
        var mark = batch.Here;
        Fill(batch, "b", 2);
        Fill(batch, "c", 3);
        batch.Rewind(mark);
        Assert.Equal(mark, batch.Here);
        Assert.Equal((1, "a"), (batch.Count, batch.String(batch[0].Id)));
        Fill(batch, "d", 4);
        Assert.Equal("d", batch.String(batch[1].Id));
        Assert.Equal(-1, batch.Add(default).RoundTripMilliseconds);
    }

    [Fact]
    public void Appending_a_batch_keeps_every_text_list_and_position()
    {
        var batch = new EventBatch(1);
        Fill(batch, "first", 1);
        var other = new EventBatch(1);
        Fill(other, "second", 2);
        Fill(other, "third", 3);
        batch.AppendAll(other);
        Assert.Equal(3, batch.Count);
        Assert.Equal([1L, 2, 3], batch.Positions.ToArray().Select(x => x.Offset));
        for (var i = 0; i < 3; i++)
        {
            ref readonly var e = ref batch[i];
            var name = batch.String(e.Id);
            Slice[] texts = [e.KindText, e.Tenant, e.SubjectId, e.SubjectName, e.UserAgent, e.DeviceId, e.RequestId, e.Application, e.AuthMethod, e.Reason, e.City, e.AsnOrganisation];
            Assert.Equal(Enumerable.Range(0, texts.Length).Select(n => $"{name}-{n}"), texts.Select(batch.String));
            Assert.Equal([name + "-g1", name + "-g2"], batch.List(e.Groups).ToArray().Select(batch.String));
            Assert.Equal([name + "-m"], batch.List(e.Mfa).ToArray().Select(batch.String));
        }

        Assert.Equal(["first", "second", "third"], batch.Events.ToArray().Select(x => batch.String(x.Id)));
    }

    [Fact]
    public void What_was_not_given_stays_not_given_when_appended()
    {
        var batch = new EventBatch();
        batch.Append("text before"u8);
        var other = new EventBatch();
        other.Add(default);
        batch.AppendAll(other);
        Assert.Equal((default, default, 0), (batch[0].SubjectName, batch[0].Id, batch.List(batch[0].Mfa).Length));
    }

    [Fact]
    public void Clear_makes_room_without_forgetting_its_size()
    {
        var batch = new EventBatch(1);
        for (var i = 0; i < 100; i++) Fill(batch, "x", i);
        batch.Clear();
        Assert.Equal((0, 0, 0), (batch.Count, batch.TextLength, batch.ListCount));
    }

    [Fact]
    public void An_index_beyond_the_end_is_refused() => Assert.Throws<IndexOutOfRangeException>(() => new EventBatch()[0]);

    [Fact]
    public void Erased_text_is_gone()
    {
        var batch = new EventBatch();
        var secret = batch.Append("secret"u8);
        var after = batch.Append("after"u8);
        batch.Erase(secret);
        Assert.Equal(("\0\0\0\0\0\0", "after"), (batch.String(secret), batch.String(after)));
    }

    private static void Fill(EventBatch batch, string name, long offset)
    {
        Slice Text(string suffix) => batch.Append(System.Text.Encoding.UTF8.GetBytes(name + suffix));
        ref var e = ref batch.Add(new SourcePosition(1, 2, offset));
        e.Id = Text("");
        e.RoundTripMilliseconds = 7;
        (e.KindText, e.Tenant, e.SubjectId, e.SubjectName) = (Text("-0"), Text("-1"), Text("-2"), Text("-3"));
        (e.UserAgent, e.DeviceId, e.RequestId, e.Application) = (Text("-4"), Text("-5"), Text("-6"), Text("-7"));
        (e.AuthMethod, e.Reason, e.City, e.AsnOrganisation) = (Text("-8"), Text("-9"), Text("-10"), Text("-11"));
        e.Groups = new SliceRange(batch.AppendToList(Text("-g1")), 2);
        batch.AppendToList(Text("-g2"));
        e.Mfa = new SliceRange(batch.AppendToList(Text("-m")), 1);
    }
}
