using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>Finds rows of a subject on the disk whose keys do not follow from its own: pairs, by trying every address that has a reputation, and looks of names.</summary>
/// <remarks>A pair changes with the reputation of its address, and neither is kept longer than the other, so none is missed.</remarks>
internal static class RowSearch
{
    public static ErasedRows Find(SqliteReader reader, Core.Events.KeyedHash hash, ErasedSubject erased)
    {
        var found = new ErasedRows();
        reader.BeginSnapshot();
        try
        {
            // By the account and not by its names, which may not be known any more.
            using (var looks = reader.Database.Once("SELECT id, high, body FROM skeletons"))
            {
                while (looks.Step())
                {
                    if (looks.TryRow<SkeletonRow>(2, out var row) && erased.Owns(row)) found.Skeletons.Add(new UInt128(looks.Bits(1), looks.Bits(0)));
                }
            }

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
            foreach (var subject in erased.Keys)
            {
                var pair = StateKeys.Pair(hash, subject, address);
                if (reader.TryReadPair(pair, out _)) found.Pairs.Add(pair);
            }
        }
    }
}
