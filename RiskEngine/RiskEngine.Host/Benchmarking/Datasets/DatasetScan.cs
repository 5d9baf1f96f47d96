using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking.Datasets;

/// <summary>Looks through a labelled file and says what stands in the way of measuring on it.</summary>
internal sealed class DatasetScan
{
    private const int MostFamilies = 50, ToldRecords = 3;

    private readonly List<(bool IsAttack, bool HasHistory)> _logins = [];
    private readonly List<string> _families = [];
    private readonly List<long> _outOfOrder = [];
    private readonly HashSet<int> _subjects = [];
    private readonly HashSet<int> _loggedIn = [];
    private readonly List<RejectedRecord> _rejected = [];
    private readonly List<string> _faults = [];
    private bool _hasLabels;
    private long _disorder;

    private DatasetScan()
    {
    }

    /// <summary>Gets the number of successful logins.</summary>
    public int Logins => _logins.Count;

    public IReadOnlyList<string> Families => _families;

    public IReadOnlyList<RejectedRecord> Rejected => _rejected;

    /// <summary>Gets what is wrong and what to do about it; empty for a file to measure on.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static DatasetScan Run(string path, FormatContext context)
    {
        var scan = new DatasetScan();
        EventTime last = default;
        foreach (var read in DatasetEvent.Read(path, context, scan._rejected))
        {
            scan.Take(read, ref last);
            if (scan._families.Count > MostFamilies) break;
        }

        scan.Judge();
        return scan;
    }

    private void Take(in DatasetEvent read, ref EventTime last)
    {
        var at = read.Batch[read.Index].OccurredAt;
        if (at < last)
        {
            _disorder++;
            if (_outOfOrder.Count < ToldRecords) _outOfOrder.Add(read.Record);
        }

        last = at;
        _hasLabels |= read.Label is not null;
        if (!read.IsSuccess) return;
        _subjects.Add(read.Subject);
        var isAttack = !string.IsNullOrEmpty(read.Label);
        if (isAttack && !_families.Contains(read.Label!)) _families.Add(read.Label!);
        _logins.Add((isAttack, _loggedIn.Contains(read.Subject)));
        if (!read.Batch[read.Index].Probe) _loggedIn.Add(read.Subject);
    }

    private void Judge()
    {
        var future = _rejected.Where(record => record.Defect.Reason == DefectReason.InFuture).ToList();
        if (future.Count > 0) _faults.Add($"{future.Count} records lie in the future, the first on line {future[0].Line}: mend their times or the clock of this machine, or leave them out.");
        if (_disorder > 0) _faults.Add($"{_disorder} events are earlier than the one before them, the first in record {string.Join(", ", _outOfOrder)}: sort the file by time.");
        if (_families.Count > MostFamilies) _faults.Add($"more than {MostFamilies} different attacks are named: give them fewer names.");
        if (_logins.Count == 0)
        {
            _faults.Add(_rejected.Count == 0 ? "no successful login is in it." : $"no successful login could be read from it; the first fault: {_rejected[0]}");
            return;
        }

        if (_subjects.Count == 1) _faults.Add("all successful logins are of one subject: intervals need at least two, and figures hundreds.");
        JudgeLabels();
    }

    private void JudgeLabels()
    {
        var attacks = _logins.Count(login => login.IsAttack);
        if (!_hasLabels) _faults.Add("nothing is labelled: give attackers' records a field \"label\" with the name of the attack, such as \"label\":\"takeover\".");
        else if (attacks == 0) _faults.Add("no successful login is labelled as an attack: there is nothing to catch.");
        else if (attacks == _logins.Count) _faults.Add("every successful login is labelled as an attack: honest ones are needed beside them, without a label or with \"label\":\"honest\".");
        else
        {
            var measured = _logins.Where((login, number) => login.HasHistory && Dataset.SplitOf(number, _logins.Count) == BenchmarkSplit.Test).ToList();
            var validated = _logins.Where((login, number) => login.HasHistory && !login.IsAttack && Dataset.SplitOf(number, _logins.Count) == BenchmarkSplit.Validation);
            if (!measured.Exists(login => login.IsAttack)) _faults.Add(Lacks("attack", "the last two fifths of its successful logins"));
            if (measured.TrueForAll(login => login.IsAttack)) _faults.Add(Lacks("honest login", "the last two fifths of its successful logins"));
            if (!validated.Any()) _faults.Add(Lacks("honest login", "the fifth before them, by which thresholds are set"));
        }
    }

    private static string Lacks(string what, string where) => $"{where} have no {what} on an account with an earlier login: figures are told of these, so give a longer file.";
}
