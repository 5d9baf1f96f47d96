using System.IO.Compression;
using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Tests.File;

public sealed class FileCollectorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_read_and_its_format_told()
    {
        using var collector = Open(Write("a.jsonl", Read.Line("a") + "\n" + Read.Line("b") + "\n"));
        Assert.Equal("riskengine", collector.Format?.Name);
        Assert.Equal(["a", "b"], Read.All(collector.TryReadBatch).Ids);
        Assert.Equal(collector.Length, collector.BytesRead);
    }

    [Fact]
    public void A_compressed_file_has_the_events_of_the_plain_one()
    {
        const string Text = """{"occurred_at":"2026-11-21T20:15:01Z","kind":"login","subject":{"id":"1"}}""";
        using var plain = Open(Write("a.jsonl", Text));
        using var compressed = Open(WriteBytes("a.jsonl.gz", Gzip(Text)));
        Assert.Equal(Read.All(plain.TryReadBatch).Ids, Read.All(compressed.TryReadBatch).Ids);
    }

    [Fact]
    public void Of_a_half_written_gzip_what_can_be_decoded_is_used_and_the_break_told()
    {
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => Read.Line($"{i}-{random.NextInt64()}") + "\n"));
        var bytes = Gzip(text);
        using var collector = Open(WriteBytes("a.gz", bytes[..(bytes.Length / 2)]));
        var read = Read.All(collector.TryReadBatch);
        Assert.InRange(read.Ids.Count, 1000, 4000);
        Assert.Equal(DefectReason.Unreadable, read.Rejected[^1].Defect.Reason);
        Assert.True(read.Rejected[^1].Line >= read.Ids.Count);
        Assert.Contains("end too early", read.Rejected[^1].Defect.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_that_is_damaged_from_the_start_is_a_fault() => Assert.Equal(DefectReason.Unreadable, Fault(WriteBytes("a.gz", [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9])).Reason);

    [Fact]
    public void An_empty_file_gives_nothing()
    {
        using var collector = Open(Write("a", ""));
        Assert.Null(collector.Format);
        Assert.Empty(Read.All(collector.TryReadBatch).Ids);
    }

    [Fact]
    public void A_missing_file_is_a_fault_with_its_path()
    {
        var fault = Fault(Path.Combine(_folder.FullName, "none.jsonl"));
        Assert.Equal(DefectReason.Unreadable, fault.Reason);
        Assert.EndsWith("none.jsonl: does not exist", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_a_fault() => Assert.Equal("is a folder; give a file", Fault(_folder.FullName).Detail);

    [Fact]
    public void A_binary_file_is_a_fault() => Assert.Equal(DefectReason.Binary, Fault(WriteBytes("a", new byte[3000])).Reason);

    [Fact]
    public void A_binary_file_of_a_named_format_is_one_rejected_record()
    {
        using var collector = Open(WriteBytes("a", new byte[3000]), "sshd");
        Assert.Equal(DefectReason.Binary, Assert.Single(Read.All(collector.TryReadBatch).Rejected).Defect.Reason);
    }

    [Fact]
    public void A_file_of_no_known_format_is_a_fault_that_lists_them() =>
        Assert.Contains("riskengine, authentik, keycloak, rba, sshd", Fault(Write("a", "what is this\n")).Detail, StringComparison.Ordinal);

    [Fact]
    public void A_format_that_does_not_exist_is_a_fault_that_lists_them() =>
        Assert.Contains("auto, riskengine, authentik, keycloak, rba, sshd", Fault(Write("a", "x"), "xml").Detail, StringComparison.Ordinal);

    [Fact]
    public void A_compressed_file_cannot_be_followed()
    {
        var path = WriteBytes("a.gz", Gzip(Read.Line("a")));
        Assert.False(FileCollector.TryOpen(new FileCollectorSettings { Path = path, Follow = true }, Some.Context, out _, out var fault));
        Assert.Equal("is compressed and cannot be followed", fault!.Detail);
    }

    [Fact]
    public void Lines_without_a_year_are_dated_by_the_files_last_change()
    {
        var path = Write("auth.log", Samples.Sshd[0] + "\n");
        System.IO.File.SetLastWriteTimeUtc(path, new DateTime(2019, 12, 1, 0, 0, 0, DateTimeKind.Utc));
        using var collector = Open(path);
        var batch = new EventBatch();
        Assert.True(collector.TryReadBatch(batch, []));
        Assert.Equal(2019, batch[0].OccurredAt.ToDateTimeOffset().Year);
    }

    [Fact]
    public void A_followed_file_gives_lines_as_they_are_finished()
    {
        var path = Write("a.log", Read.Line("a") + "\n" + Read.Line("b")[..20]);
        using var collector = Open(path, follow: true);
        Assert.Equal(["a"], Read.All(collector.TryReadBatch).Ids);
        System.IO.File.AppendAllText(path, Read.Line("b")[20..] + "\n");
        Assert.Equal(["b"], Read.All(collector.TryReadBatch).Ids);
        Assert.Empty(Read.All(collector.TryReadBatch).Ids);
    }

    [Fact]
    public void A_rotated_file_is_read_to_its_end_and_the_new_one_from_its_beginning()
    {
        var path = Write("a.log", Read.Line("a") + "\n");
        using var collector = Open(path, follow: true);
        Assert.Equal(["a"], Read.All(collector.TryReadBatch).Ids);
        System.IO.File.AppendAllText(path, Read.Line("b"));
        System.IO.File.Move(path, path + ".1");
        Assert.Empty(Read.All(collector.TryReadBatch).Ids);
        Write("a.log", Read.Line("c") + "\n" + Read.Line("d") + "\n");
        var read = Read.All(collector.TryReadBatch);
        read.Ids.AddRange(Read.All(collector.TryReadBatch).Ids);
        Assert.Equal(["b", "c", "d"], read.Ids);
        Assert.Empty(read.Rejected);
    }

    [Fact]
    public void A_file_that_takes_the_place_of_one_as_long_is_another_one()
    {
        var path = Write("a.log", Read.Line("a") + "\n");
        using var collector = Open(path, follow: true);
        Assert.Equal(["a"], Read.All(collector.TryReadBatch).Ids);
        Assert.Empty(Read.All(collector.TryReadBatch).Ids);
        System.IO.File.Move(path, path + ".1");
        Write("a.log", Read.Line("b") + "\n");
        var ids = Read.All(collector.TryReadBatch).Ids;
        ids.AddRange(Read.All(collector.TryReadBatch).Ids);
        Assert.Equal(["b"], ids);
        Assert.Empty(Read.All(collector.TryReadBatch).Ids);
    }

    [Fact]
    public void A_file_that_only_got_another_time_is_not_read_again()
    {
        var path = Write("a.log", Read.Line("a") + "\n");
        using var collector = Open(path, follow: true);
        Assert.Equal(["a"], Read.All(collector.TryReadBatch).Ids);
        for (var touch = 0; touch < 3; touch++)
        {
            System.IO.File.SetLastWriteTimeUtc(path, new DateTime(2026, 11, 20 + touch, 0, 0, 0, DateTimeKind.Utc));
            Assert.Empty(Read.All(collector.TryReadBatch).Ids);
        }
    }

    [Fact]
    public void A_truncated_file_is_read_from_its_beginning()
    {
        var path = Write("a.log", Read.Line("a") + "\n" + Read.Line("b") + "\n");
        using var collector = Open(path, follow: true);
        Assert.Equal(["a", "b"], Read.All(collector.TryReadBatch).Ids);
        Write("a.log", Read.Line("c") + "\n");
        Assert.Equal(["c"], Read.All(collector.TryReadBatch).Ids);
    }

    private static FileCollector Open(string path, string format = "auto", bool follow = false)
    {
        var isOpen = FileCollector.TryOpen(new FileCollectorSettings { Path = path, Format = format, Follow = follow }, Some.Context with { SourceName = "" }, out var collector, out var fault);
        Assert.True(isOpen, fault?.ToString());
        return collector!;
    }

    private static SourceFault Fault(string path, string format = "auto")
    {
        Assert.False(FileCollector.TryOpen(new FileCollectorSettings { Path = path, Format = format }, Some.Context, out _, out var fault));
        return fault!;
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private string Write(string name, string text) => WriteBytes(name, Encoding.UTF8.GetBytes(text));

    private string WriteBytes(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
