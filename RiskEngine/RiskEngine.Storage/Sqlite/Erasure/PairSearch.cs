using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>Finds the pairs of a subject on the disk, whose keys are hashes of subject and address: by trying every address that has a reputation.</summary>
/// <remarks>A pair changes with the reputation of its address, and neither is kept longer than the other, so none is missed.</remarks>
internal static class PairSearch
{
    public static HashSet<UInt128> Find(SqliteReader reader, Core.Events.KeyedHash hash, IReadOnlyList<UInt128> subjects)
    {
        HashSet<UInt128> found = [];
        reader.BeginSnapshot();
        try
        {
            using (var addresses = reader.Database.Once("SELECT low FROM reputation WHERE high = ?", unchecked((long)((ulong)ReputationKind.Address << 56))))
            {
                while (addresses.Step()) Try(addresses.Bits(0));
            }

            reader.ReadJournal(unit =>
            {
                var rows = new Records.ByteReader(unit);
                while (!rows.IsAtEnd)
                {
                    var row = StateRow.Read(ref rows);
                    if (row.Kind == StateRowKind.Reputation && StateKeys.KindOf(row.Key) == ReputationKind.Address) Try(StateKeys.ValueOf(row.Key));
                }
            });
        }
        finally
        {
            reader.EndSnapshot();
        }

        return found;

        void Try(ulong address)
        {
            foreach (var subject in subjects)
            {
                var pair = StateKeys.Pair(hash, subject, address);
                if (reader.TryReadPair(pair, out _)) found.Add(pair);
            }
        }
    }
}
