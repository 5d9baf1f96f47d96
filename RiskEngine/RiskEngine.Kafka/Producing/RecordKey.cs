using RiskEngine.Core.Events;

namespace RiskEngine.Kafka.Producing;

/// <summary>Keys of records: what has the same key lies in the same partition, in order.</summary>
internal static class RecordKey
{
    /// <summary>"tenant/subject", for logins and assessments.</summary>
    public static byte[] Of(EventBatch batch, in LoginEvent e)
    {
        var tenant = e.Tenant.IsEmpty ? "default"u8 : batch.Text(e.Tenant);
        var subject = batch.Text(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId);
        var key = new byte[tenant.Length + 1 + subject.Length];
        tenant.CopyTo(key);
        key[tenant.Length] = (byte)'/';
        subject.CopyTo(key.AsSpan(tenant.Length + 1));
        return key;
    }
}
