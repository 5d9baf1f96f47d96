using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

            reader.ReadRuns(TryAll);
            reader.ReadJournal(TryAll);
        }
        finally
        {
            reader.EndSnapshot();
        }

        return found;

        void TryAll(ReadOnlySpan<byte> rows)
        {
            for (var from = new Records.ByteReader(rows); !from.IsAtEnd;)
            {
                var row = StateRow.Read(ref from);
                if (row.Kind == StateRowKind.Reputation && StateKeys.KindOf(row.Key) == ReputationKind.Address) Try(StateKeys.ValueOf(row.Key));
                if (row.Kind == StateRowKind.Skeleton && row.Body.Length == Unsafe.SizeOf<SkeletonRow>() && erased.Owns(MemoryMarshal.Read<SkeletonRow>(row.Body))) found.Skeletons.Add(row.Key);
            }
        }

        void Try(ulong address)
        {
            foreach (var subject in erased.Keys)
            {
                var pair = StateKeys.Pair(hash, subject, address);
                if (reader.TryRead<PairRow>(StateRowKind.Pair, pair, out _)) found.Pairs.Add(pair);
            }
        }
    }
}
