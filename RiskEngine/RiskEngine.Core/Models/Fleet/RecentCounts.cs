using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Models;

/// <summary>Counts of the last three hours in buckets of ten minutes, a row for each series and one for names that do not exist. Plain data.</summary>
internal struct RecentCounts
{
    public const uint BucketSeconds = 600, BucketsAnHour = 6, Buckets = 18;

    /// <summary>The row of names that do not exist, among those that failed elsewhere.</summary>
    public const int UnknownNames = FleetSeriesList.Length;

    private const int Rows = UnknownNames + 1;

    private Cells _cells;

    /// <summary>The count of one bucket, by its number since 1970.</summary>
    public float this[int row, uint bucket]
    {
        readonly get => _cells[(row * (int)Buckets) + (int)(bucket % Buckets)];
        set => _cells[(row * (int)Buckets) + (int)(bucket % Buckets)] = value;
    }

    /// <summary>The sum of that many buckets, the newest given.</summary>
    public readonly float Sum(int row, uint newest, uint count)
    {
        var sum = 0f;
        for (var i = 0u; i < count; i++) sum += this[row, newest - i];
        return sum;
    }

    /// <summary>Makes room for a bucket in the place of the oldest.</summary>
    public void Begin(uint bucket)
    {
        for (var row = 0; row < Rows; row++) this[row, bucket] = 0;
    }

    /// <summary>Adds what one judge counted to what others did, bucket by bucket.</summary>
    /// <param name="current">As it is now, and its newest bucket.</param>
    /// <param name="mine">What the judge made of it.</param>
    /// <param name="before">What the judge began with.</param>
    public static RecentCounts Merge((RecentCounts Counts, uint Newest) current, (RecentCounts Counts, uint Newest) mine, (RecentCounts Counts, uint Newest) before)
    {
        var merged = new RecentCounts();
        var newest = Math.Max(current.Newest, mine.Newest);
        for (var row = 0; row < Rows; row++)
        {
            for (var bucket = newest; newest - bucket < Buckets; bucket--)
                merged[row, bucket] = MergedCounts.Add(current.Counts.At(row, bucket, current.Newest), mine.Counts.At(row, bucket, mine.Newest), before.Counts.At(row, bucket, before.Newest));
        }

        return merged;
    }

    private readonly float At(int row, uint bucket, uint newest) => bucket <= newest && newest - bucket < Buckets ? this[row, bucket] : 0;

    /// <summary>Whether every count is a number and not below 0; told by its bits, for it is asked of every batch.</summary>
    public readonly bool IsSound => !MemoryMarshal.Cast<float, uint>((ReadOnlySpan<float>)_cells).ContainsAnyExceptInRange(0u, BitConverter.SingleToUInt32Bits(float.MaxValue));

    [InlineArray(Rows * (int)Buckets)]
    private struct Cells
    {
        private float _first;
    }
}
