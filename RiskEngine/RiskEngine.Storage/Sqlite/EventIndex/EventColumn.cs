namespace RiskEngine.Storage.Sqlite.EventIndex;

/// <summary>By what events are found. The numbers are part of the stored format.</summary>
internal enum EventColumn
{
    Id = 0,
    Subject = 1,
    Address = 2,

    /// <summary>No column: the place of a segment's <see cref="BloomFilter"/>.</summary>
    Filter = 3,
}
