namespace RiskEngine.Host.Cli;

/// <summary>Where a command writes: a file, or standard output.</summary>
internal static class OutputFile
{
    private const int BufferSize = 256 * 1024;

    /// <param name="path">A file's path, or "-" for standard output.</param>
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public static Stream Open(string path)
    {
        if (path == "-") return new BufferedStream(Console.OpenStandardOutput(), BufferSize);
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path}: cannot be written: {failure.Message}");
        }
    }
}
