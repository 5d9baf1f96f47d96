using System.Text;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Host.Cli;

namespace RiskEngine.Host.Benchmarking.Datasets;

/// <summary>One event of a labelled file; holds until the next one is pulled.</summary>
/// <param name="Subject">Number of the subject, in order of appearance.</param>
/// <param name="Label">The attack, <see cref="RecordLabel.Honest"/>, or null for no label.</param>
/// <param name="Record">Number of its record in the file, from 1.</param>
internal readonly record struct DatasetEvent(EventBatch Batch, int Index, int Subject, string? Label, long Record)
{
    /// <summary>Gets whether it is a sign-in that worked, which alone is scored.</summary>
    public bool IsSuccess => Batch[Index].Kind == EventKind.Login;

    /// <summary>Reads a file from its beginning.</summary>
    /// <param name="rejected">Gets the records that gave no event.</param>
    /// <exception cref="CommandFailure">The file cannot be opened, or its format is not told.</exception>
    public static IEnumerable<DatasetEvent> Read(string path, FormatContext context, List<RejectedRecord> rejected)
    {
        LabelledFormat? labels = null;
        var settings = new FileCollectorSettings { Path = path, Decorate = format => labels = new LabelledFormat(format) };
        if (!FileCollector.TryOpen(settings, context, out var collector, out var fault)) throw new CommandFailure(ExitCode.Usage, fault.ToString());
        using (collector)
        {
            var subjects = new Dictionary<string, int>();
            var batch = new EventBatch();
            while (collector.TryReadBatch(batch, rejected))
            {
                for (var i = 0; i < batch.Count; i++) yield return new DatasetEvent(batch, i, NumberOf(batch, i, subjects), labels!.LabelOf(batch, i), labels.RecordOf(i));
            }
        }
    }

    private static int NumberOf(EventBatch batch, int index, Dictionary<string, int> subjects)
    {
        ref readonly var e = ref batch[index];
        var isId = !e.SubjectId.IsEmpty;
        var key = $"{Encoding.UTF8.GetString(batch.Text(e.Tenant))}\0{(isId ? "id" : "name")}\0{Encoding.UTF8.GetString(batch.Text(isId ? e.SubjectId : e.SubjectName))}";
        if (!subjects.TryGetValue(key, out var number)) subjects[key] = number = subjects.Count;
        return number;
    }
}
