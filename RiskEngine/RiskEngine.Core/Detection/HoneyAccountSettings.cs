using System.ComponentModel.DataAnnotations;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>Strength and names of <see cref="HoneyAccountDetector"/>, under <c>detection.honey_account</c>.</summary>
public sealed record HoneyAccountSettings
{
    /// <summary>Gets the evidence of any event on such an account.</summary>
    /// <value>0 (off) to 10 nats. The default is 7.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 7;

    /// <summary>Gets accounts that nobody uses, by name or id, to the letter. Names that do not exist at the provider may be among them.</summary>
    /// <value>Empty by default: there are none.</value>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>The same, with the pseudonyms under which names that do not exist arrive.</summary>
    public HoneyAccountSettings WithPseudonyms(KeyedHash hash) => this with { Subjects = [.. Subjects, .. Subjects.Select(hash.UnknownName)] };
}
