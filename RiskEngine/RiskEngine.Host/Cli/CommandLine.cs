using System.CommandLine;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Cli;

/// <summary>The command line: a contents page of what the program can do.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("RiskEngine judges logins: it reads login events, scores each one, explains itself and says what to do about it.")
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            ReplayCommand.Create(),
            SimulateCommand.Create(),
            BenchmarkCommand.Create(),
            BlocksCommand.CreateBlocks(),
            BlocksCommand.CreateAllow(),
            IncidentsCommand.Create(),
            OutboxCommand.Create(),
            ExplainCommand.Create(),
            FeedbackCommand.Create(),
            KeysCommand.Create(),
            MigrateCommand.Create(),
            EraseSubjectCommand.Create(),
            ExportCommand.Create(),
            PolicyCommand.Create(),
            CheckConfigCommand.Create(),
            DoctorCommand.Create(),
            AuthentikCommand.Create(),
            CompletionCommand.Create(),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && !args.Any(arg => arg is "--help" or "-h" or "-?" or "--version"))
        {
            foreach (var fault in UsageFaults.Of(parsed)) await Console.Error.WriteLineAsync(fault);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CommandFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.Code;
        }
        catch (StateStoreException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return ExitCode.Failed;
        }
    }
}
