using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>Blocks and the allow list as every replica holds them in memory, and which change of the store they stand for.</summary>
/// <remarks>Thread-safe; readers of the tables never wait.</remarks>
internal sealed class SharedLists
{
    private readonly Lock _gate = new();
    private long _number = -1;

    public BlockRegister Register { get; } = new();

    /// <summary>Whether they are as the store has them.</summary>
    public bool IsCurrent(PgHead head)
    {
        lock (_gate) return _number >= head.Lists;
    }

    /// <summary>Takes a change that this replica made.</summary>
    /// <returns>False where changes of others were missed before: all has to be read.</returns>
    public bool TryApply(PgHead before, PgHead after, Action<BlockRegister> change)
    {
        lock (_gate)
        {
            if (_number != before.Lists) return after.Lists <= _number;
            change(Register);
            _number = after.Lists;
            return true;
        }
    }

    /// <summary>Reads all of both lists.</summary>
    public async Task ReadAsync(PgSession session)
    {
        var head = (await session.QueryAsync(PgHead.Select, PgHead.Read))[0];
        var entries = await PgLists.ReadAsync(session);
        lock (_gate)
        {
            if (head.Lists < _number) return;
            Register.Reset(entries, head.LastBlock);
            _number = head.Lists;
        }
    }

    /// <summary>What has ended, in both lists.</summary>
    public IReadOnlyList<(BlockList List, Core.Events.Block Block)> Ended(Core.Events.EventTime now) => Register.Ended(now);
}
