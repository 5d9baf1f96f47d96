namespace RiskEngine.Configuration.Binding;

/// <summary>Marks settings that are secrets: they come from the environment, never from the configuration file, and no fault shows them.</summary>
/// <param name="instead">The key that names a file to keep it in.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute(string instead) : Attribute
{
    public string Instead { get; } = instead;
}
