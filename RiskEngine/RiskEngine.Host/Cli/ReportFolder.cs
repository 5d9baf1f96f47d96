using RiskEngine.Configuration;
using RiskEngine.Simulation.Benchmarking.Reporting;

namespace RiskEngine.Host.Cli;

/// <summary>Where a report is written. Made before the work begins, so that hours of it are not lost to a name mistyped.</summary>
internal sealed class ReportFolder
{
    private readonly string _path;

    private ReportFolder(string path) => _path = path;

    /// <exception cref="CommandFailure">The folder cannot be made or written.</exception>
    public static ReportFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, ".riskengine");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new ReportFolder(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path}: cannot be written: {failure.Message}");
        }
    }

    /// <summary>Writes weights.</summary>
    /// <returns>The file.</returns>
    public string Write(WeightsFile weights)
    {
        var file = Path.Combine(_path, "weights.yaml");
        File.WriteAllText(file, weights.ToYaml());
        return file;
    }

    public void Write(BenchmarkReport report, EvaluationSettings settings)
    {
        File.WriteAllText(Path.Combine(_path, "report.json"), JsonReport.Write(report) + "\n");
        File.WriteAllText(Path.Combine(_path, "report.html"), HtmlReport.Write(report, settings));
        File.WriteAllLines(Path.Combine(_path, "report.txt"), new TextReport(report, settings).Lines());
    }
}
