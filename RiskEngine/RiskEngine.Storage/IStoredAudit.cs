using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;

namespace RiskEngine.Storage;

/// <summary>The audit of a store, read and checked without changing it, also while servers use it.</summary>
/// <remarks>Blocks its thread while it reads. Used by one thread; disposing of it ends the reading.</remarks>
public interface IStoredAudit : IDisposable
{
    /// <summary>Hands out every record, oldest first, and checks the chain on the way.</summary>
    /// <param name="expected">A head that was written down earlier, which the chain has to come by; null for none.</param>
    /// <exception cref="StateStoreException">The store failed.</exception>
    AuditVerdict Read(string? expected, Action<AuditRecord> take, CancellationToken cancellation);
}
