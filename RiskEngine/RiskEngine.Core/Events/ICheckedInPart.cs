using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Events;

/// <summary>Settings whose rules hold for whatever of them could be read, so that one fault does not hide another.</summary>
/// <remarks>
/// A rule names every member that it looks at, the one that it speaks of first: one that looks at what is faulty is not told. What could not be read has
/// its default, which for a required member is null.
/// </remarks>
public interface ICheckedInPart : IValidatableObject;
