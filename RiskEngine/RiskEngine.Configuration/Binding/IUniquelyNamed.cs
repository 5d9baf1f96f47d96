namespace RiskEngine.Configuration.Binding;

/// <summary>An entry of a list that others, or metrics, know by its name: no two of a list may share it.</summary>
internal interface IUniquelyNamed
{
    /// <summary>Gets what such entries are called, as in "two feeds".</summary>
    string Plural { get; }

    string UniqueName { get; }
}
