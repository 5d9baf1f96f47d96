namespace RiskEngine.Core.Models;

/// <summary>A row that several judges may change at the same time: what each added is put together, and none of them judges again.</summary>
/// <remarks>
/// Merging is <c>current ⊕ (mine ⊖ before)</c>: counts that fade are brought to one time and add up, sketches unite, moments are the earliest or the latest.
/// The order of merges does not matter, but for the rounding of counts. What judged by <c>before</c> did not see what others added meanwhile. Pure.
/// </remarks>
/// <typeparam name="TRow">The row itself; its default value is a row never stored.</typeparam>
public interface IMergeable<TRow>
    where TRow : struct, IMergeable<TRow>
{
    /// <summary>Adds what one judge changed to what is there now.</summary>
    /// <param name="current">As it is stored now, with what others added.</param>
    /// <param name="mine">What the judge made of it.</param>
    /// <param name="before">What the judge began with.</param>
    static abstract TRow Merge(in TRow current, in TRow mine, in TRow before);
}
