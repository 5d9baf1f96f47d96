using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>Somebody tries an account that nobody uses and that stands there only to be tried.</summary>
/// <remarks>
/// Compares name and id to the letter with the configured ones. Of names that a source says do not exist only a pseudonym arrives here; such names are
/// recognised by it (<see cref="HoneyAccountSettings.WithPseudonyms"/>). Immutable; safe for concurrent use.
/// </remarks>
public sealed class HoneyAccountDetector(HoneyAccountSettings settings) : IDetector
{
    private readonly byte[][] _names = [.. settings.Subjects.Select(Encoding.UTF8.GetBytes)];

    public SignalCode Code => SignalCode.HoneyAccount;

    public Signal? Detect(in LoginContext context)
    {
        if (_names.Length == 0) return null;
        var id = context.Batch.Text(context.Event.SubjectId);
        var name = context.Batch.Text(context.Event.SubjectName);
        foreach (var honey in _names)
        {
            if (name.SequenceEqual(honey) || id.SequenceEqual(honey)) return Evidence.Of(Code, settings.Evidence);
        }

        return null;
    }
}
