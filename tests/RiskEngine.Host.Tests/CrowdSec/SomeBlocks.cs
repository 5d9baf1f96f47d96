using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>Blocks in any number, put where a store has them.</summary>
internal static class SomeBlocks
{
    /// <summary>Blocks single addresses from 11.0.0.0 on for four hours.</summary>
    public static void Put(BlockTable table, int count, EventTime now)
    {
        for (var i = 0; i < count; i++)
        {
            var address = IpAddress.FromIPv4(0x0B00_0000u + (uint)i);
            var block = new Block
            {
                Id = 1_000_000 + i, Scope = BlockScope.Ip, Value = address.ToString(), Reason = "many failures", Origin = BlockOrigin.Policy, Owner = "block-guessing",
                CreatedAt = now, Until = now + TimeSpan.FromHours(4),
            };
            table.Put(block, BlockTable.KeyOf(address));
        }
    }
}
