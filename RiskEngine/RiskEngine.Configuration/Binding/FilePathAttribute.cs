namespace RiskEngine.Configuration.Binding;

/// <summary>Marks settings that name files: relative ones are meant from the folder of the file that names them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilePathAttribute : Attribute
{
    /// <summary>What stands before the path where the value may be something else as well; null where it is always a path.</summary>
    public string? Prefix { get; init; }
}
