using Npgsql;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>A question, and what to do with each row of the answer.</summary>
/// <param name="Arguments">For $1, $2 and so on; null for NULL.</param>
internal sealed record PgQuestion(string Sql, Action<NpgsqlDataReader> Read, params object?[] Arguments);

/// <summary>A connection that is lent for one piece of work: plain commands with numbered parameters, none of them prepared.</summary>
/// <remarks>One command at a time. What is put into <see cref="Later"/> goes in one round trip with <see cref="FlushAsync"/>. Failures are Npgsql's.</remarks>
internal sealed class PgSession(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
{
    private readonly List<NpgsqlBatchCommand> _later = [];

    /// <summary>Notes a command for the next flush.</summary>
    /// <param name="arguments">For $1, $2 and so on; null for NULL.</param>
    public void Later(string sql, params ReadOnlySpan<object?> arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        Add(command.Parameters, arguments);
        _later.Add(command);
    }

    /// <summary>Runs what was noted, in order.</summary>
    public async Task FlushAsync()
    {
        if (_later.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in _later) batch.BatchCommands.Add(command);
        _later.Clear();
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Asks questions in one round trip, each once the one before is answered.</summary>
    public async Task AskAsync(params IReadOnlyList<PgQuestion> questions)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var question in questions)
        {
            var command = new NpgsqlBatchCommand(question.Sql);
            Add(command.Parameters, question.Arguments);
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var question in questions)
        {
            while (await reader.ReadAsync(cancellationToken)) question.Read(reader);
            await reader.NextResultAsync(cancellationToken);
        }
    }

    /// <returns>The rows changed.</returns>
    public async Task<int> ExecuteAsync(string sql, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Reads rows one by one and keeps none of them.</summary>
    public async Task EachAsync(string sql, Action<NpgsqlDataReader> read)
    {
        await using var command = Command(sql, []);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) read(reader);
    }

    /// <summary>The first column of the first row; the default where there is no row, or NULL in it.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<object?> arguments)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        Add(command.Parameters, arguments);
        return command;
    }

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> arguments)
    {
        foreach (var argument in arguments) parameters.Add(new NpgsqlParameter { Value = argument ?? DBNull.Value });
    }
}
