using System.Runtime.CompilerServices;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>How often each decision was taken.</summary>
[InlineArray(4)]
public struct DecisionCounts
{
    private long _first;

    public void Add(DecisionAction action) => this[(int)action]++;

    public void Add(in DecisionCounts other)
    {
        for (var i = 0; i < 4; i++) this[i] += other[i];
    }

    /// <summary>The decisions that were taken, in words: "challenge 12, block 800".</summary>
    public override readonly string ToString()
    {
        var words = new List<string>(4);
        for (var i = 0; i < 4; i++)
        {
            if (this[i] > 0) words.Add($"{((DecisionAction)i).Name()} {this[i]}");
        }

        return string.Join(", ", words);
    }
}
