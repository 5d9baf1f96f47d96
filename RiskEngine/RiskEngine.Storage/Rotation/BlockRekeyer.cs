using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Rotation;

/// <param name="IsLost">Whether it ends.</param>
/// <param name="Key">What it is found by from now on; null where that stays as it is.</param>
internal readonly record struct RekeyedBlock(bool IsLost, UInt128? Key);

/// <summary>Hashes blocks and allow entries anew. They name whom they are about; those of a session and of a name that does not exist name a hash, which nothing has any more: they end.</summary>
internal sealed class BlockRekeyer(KeyedHash after, SubjectHandles handles, RotationCount count)
{
    private readonly BlockKeyReader _keys = new(after);

    /// <exception cref="FormatException">The entry cannot be read.</exception>
    public RekeyedBlock Rekey(BlockScope scope, string value, string tenant)
    {
        var name = SubjectHandle.NameIn(scope, value);
        if (name is not null) handles.See(tenant, name);
        if (scope == BlockScope.Session || (name is not null && Pseudonyms.IsPseudonym(Encoding.UTF8.GetBytes(name))))
        {
            count.Lose(RotationReport.Blocks);
            return new RekeyedBlock(IsLost: true, null);
        }

        count.Keep(RotationReport.Blocks);
        return new RekeyedBlock(IsLost: false, name is null ? null : KeyOf(scope, value, tenant));
    }

    private UInt128 KeyOf(BlockScope scope, string value, string tenant) =>
        _keys.TryParse(scope, value, tenant, EntryPurpose.Stored, out var entry, out var error) ? entry.Key.Key : throw new FormatException($"the block of {scope.Name()} {value} cannot be read: {error}");
}
