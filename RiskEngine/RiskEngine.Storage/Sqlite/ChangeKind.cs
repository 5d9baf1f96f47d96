namespace RiskEngine.Storage.Sqlite;

/// <summary>What a change in a <see cref="CommitItem"/> is; lives in memory only.</summary>
internal enum ChangeKind : byte
{
    Text = 1,
    Event,
    NewRows,
    Watermark,
    Cursor,
    Carried,
}
