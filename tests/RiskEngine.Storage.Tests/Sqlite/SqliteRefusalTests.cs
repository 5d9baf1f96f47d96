using System.Buffers.Binary;
using System.Security.Cryptography;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

/// <summary>What is no store of ours is refused in words that help, and stays as it was.</summary>
public sealed class SqliteRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public SqliteRefusalTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_damaged_marker_is_refused()
    {
        await MakeAsync();
        Change(bytes => bytes[3] ^= 0xFF);
        AssertRefused("is not a database");
    }

    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(108)]
    public async Task A_damaged_first_page_is_refused(int offset)
    {
        await MakeAsync();
        Change(bytes => bytes.AsSpan(offset, 4).Fill(0xA5));
        AssertRefused("is damaged");
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_refused()
    {
        await MakeAsync();
        using (var stream = File.OpenWrite(_path)) stream.SetLength(stream.Length / 2);
        AssertRefused("is damaged");
    }

    [Fact]
    public async Task A_newer_version_is_refused()
    {
        await MakeAsync();
        Change(bytes => BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(60), 99));
        AssertRefused("newer RiskEngine (schema 99");
    }

    [Fact]
    public async Task A_newer_version_is_refused_while_it_stands_in_the_log_only()
    {
        await MakeAsync();
        // As after a crash: the file and its log are copied away while the newer program has them open.
        var copy = _folder.File("copy.db");
        using (var newer = SqliteDatabase.OpenForWriting(_path))
        {
            newer.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99");
            File.Copy(_path, copy);
            File.Copy(_path + "-wal", copy + "-wal");
        }

        Assert.NotEqual(99, BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(copy).AsSpan(60)));
        var log = SHA256.HashData(File.ReadAllBytes(copy + "-wal"));
        Assert.Contains("newer RiskEngine (schema 99", Assert.Throws<StateStoreException>(() => SomeSqliteStore.At(copy, TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Equal(log, SHA256.HashData(File.ReadAllBytes(copy + "-wal")));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await MakeAsync();
        Change(bytes => BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(68), 0));
        AssertRefused("another program");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a text that is longer than the header of a database: nothing in it looks like one, so it must be refused and left as it is")]
    public void A_file_that_is_no_database_is_refused(string content)
    {
        File.WriteAllText(_path, content);
        AssertRefused("is not a database");
    }

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(_path);
        Assert.Contains("is a folder", Assert.Throws<StateStoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_file_is_refused()
    {
        await MakeAsync();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_path, UnixFileMode.UserRead);
        AssertRefused("is read-only");
    }

    [Fact]
    public async Task A_file_in_use_is_refused()
    {
        await using var first = Open();
        Assert.Contains("in use by another process", Assert.Throws<StateStoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        var failure = Assert.Throws<StateStoreException>(() => SomeSqliteStore.At(_folder.File("missing/store.db"), TimeProvider.System));
        Assert.Contains("folder must exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_may_read_the_file()
    {
        await MakeAsync();
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [Fact]
    public async Task An_empty_file_becomes_a_store()
    {
        File.WriteAllBytes(_path, []);
        await MakeAsync();
        Assert.True(new FileInfo(_path).Length > 0);
    }

    private SqliteStateStore Open() => SomeSqliteStore.At(_path, TimeProvider.System);

    private async Task MakeAsync()
    {
        await using var store = Open();
        for (var i = 0; i < 5; i++) await new UnitOfWork(store.Hash).Login($"e{i}", new(1_800_000_000_000 + i)).RunAsync(store);
    }

    private void Change(Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(_path);
        change(bytes);
        File.WriteAllBytes(_path, bytes);
    }

    private void AssertRefused(string because)
    {
        var before = SHA256.HashData(File.ReadAllBytes(_path));
        var message = Assert.Throws<StateStoreException>(Open).Message;
        Assert.Contains(because, message, StringComparison.Ordinal);
        Assert.Contains(_path, message, StringComparison.Ordinal);
        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(_path)));
        Assert.False(File.Exists(_path + "-wal"));
    }
}
