using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Benchmarks;

/// <summary>A login with all that a policy asks of, put there by hand: what judging has at that point, without judging.</summary>
internal abstract class JudgedLogin
{
    private readonly DeviceFacts[] _device = [default];
    private readonly HistorySummary[] _summary = [default];
    private readonly ReputationRow[] _rows = new ReputationRow[4];
    private readonly PairRow[] _pair = [default];
    private readonly AddressFacts[] _facts = [AddressFacts.Unknown];
    private readonly ProfileHeader[] _profile = [default];
    private readonly PastLogin[] _login = [default];

    protected EventBatch Batch { get; } = new(1);

    protected ref AddressFacts Facts => ref _facts[0];

    protected ref ProfileHeader Profile => ref _profile[0];

    /// <summary>Gets the login as its subject's history would hold it.</summary>
    protected ref PastLogin AsPast => ref _login[0];

    protected PastLogin[] History { get; init; } = [];

    public LoginContext Context => new(
        Batch, ref Batch[0], ref _facts[0], ref _device[0], ref _profile[0], History, ref _summary[0], ref _login[0], ref _rows[0], ref _rows[1], ref _rows[2], ref _rows[3], ref _pair[0])
    {
        IsAddressEvaluable = true,
        SubjectFailures = 0,
        SubjectFailedAddresses = 0,
        PairFailures = 0,
        IsAddressShared = false,
    };
}
