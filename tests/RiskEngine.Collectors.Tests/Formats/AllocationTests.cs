using System.Text;
using RiskEngine.Collectors.Tests.Mapped;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Collectors.Tests.Formats;

public sealed class AllocationTests
{
    public static TheoryData<string, string> GoodRecords => new()
    {
        { "riskengine", Samples.Canonical },
        { "riskengine", """{"occurred_at":"2026-11-21T20:15:01Z","kind":"login_failed","subject":{"name":"x\u0061"},"reason":"unknown_user","session_id":"s"}""" },
        { "authentik", Samples.Authentik[0] },
        { "authentik", Samples.Authentik[3] },
        { "authentik", Samples.Authentik[16] },
        { "authentik", Samples.Authentik[18] },
        { "rba", "7,2020-02-03 12:43:55.873,-3284137479262433373,512,192.0.2.58,NO,Vestland,Urangsvag,29695,\"Mozilla/5.0 (\"\"x\"\")\",B,O,mobile,True,False,True" },
        { "sshd", "Nov 20 10:00:00 host sshd[1]: Failed password for invalid user admin from 203.0.113.9 port 4242 ssh2" },
        { "sshd", "2026-06-14T15:16:01.123456+02:00 host sshd[2]: Connection closed by invalid user x 203.0.113.9 port 4242 [preauth]" },
        { "sshd", "Nov 20 10:00:00 host cron[1]: hello" },
        { "keycloak", Samples.Keycloak[0] },
        { "keycloak", Samples.Keycloak[2] },
        { "keycloak", Samples.Keycloak[5] },
        { "mapped json", SomeMapping.JsonRecord },
        { "mapped csv", SomeMapping.CsvRecord },
    };

    [Theory, MemberData(nameof(GoodRecords))]
    public void A_good_record_costs_no_byte(string name, string record)
    {
        var format = Samples.Format(name);
        var bytes = Encoding.UTF8.GetBytes(record);
        var batch = new EventBatch();
        Repeat(format, bytes, batch);

        Assert.Equal(0, Allocations.Least(() => Repeat(format, bytes, batch)));
    }

    private static void Repeat(IEventFormat format, byte[] bytes, EventBatch batch)
    {
        for (var i = 0; i < 500; i++)
        {
            if (i % 50 == 0) batch.Clear();
            if (format.Parse(bytes, new SourcePosition(0, 0, i), batch).IsFaulty) throw new InvalidOperationException("The record is faulty.");
        }
    }
}
