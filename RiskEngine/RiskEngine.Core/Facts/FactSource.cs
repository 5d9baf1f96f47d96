namespace RiskEngine.Core.Facts;

/// <summary>What sort of facts a file holds.</summary>
public enum FactKind : byte
{
    City,
    Asn,
    Feed,
}

/// <summary>Where some of a snapshot's facts came from, for <c>feed_age_seconds</c>, <c>feed_entries</c> and <c>geo_database_age_seconds</c>.</summary>
/// <param name="Name">The feed's name; for databases the file's.</param>
/// <param name="Entries">Networks, addresses or autonomous systems.</param>
/// <param name="BuiltAt">When the content was made: what the database says, for others when the file was last written.</param>
/// <param name="LoadedAt">When it was loaded here.</param>
/// <param name="ContentHash">Names the content, for the version of the snapshot.</param>
public sealed record FactSource(string Name, FactKind Kind, int Entries, DateTimeOffset BuiltAt, DateTimeOffset LoadedAt, string ContentHash)
{
    /// <summary>How old the content is at that time; never negative.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => now > BuiltAt ? now - BuiltAt : TimeSpan.Zero;
}
