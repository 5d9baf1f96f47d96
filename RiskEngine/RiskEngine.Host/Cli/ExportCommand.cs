using System.CommandLine;

namespace RiskEngine.Host.Cli;

/// <summary><c>export</c>: what the store holds, for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create() => new("export", "Write out what the store holds.") { ExportAuditCommand.Create(), ExportOcsfCommand.Create() };
}
