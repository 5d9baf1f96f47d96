namespace RiskEngine.Configuration.Binding;

/// <summary>Marks settings that name files: relative ones are meant from the folder of the file that names them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilePathAttribute : Attribute;
