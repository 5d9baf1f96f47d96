using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <content>What failed once is tried again, in its turn and while the loop stands.</content>
public sealed partial class JudgeLoop
{
    /// <summary>Failed second tries in a row after which a store counts as out of order.</summary>
    private const int StoreFailuresToStop = 2;

    /// <summary>How often a unit is judged anew because another replica was faster. With as many events waiting at each of two, every second try comes through.</summary>
    private const int ConflictTries = 30;

    /// <summary>Judges and commits what failed once more, each submission by itself and one after the other, while the loop stands.</summary>
    /// <remarks>
    /// A store takes others along that shared a transaction with what failed, so a single submission has its second try as well, unless judging itself
    /// failed. Repeats are told by event id. A store that keeps failing is not asked again until a commit works.
    /// </remarks>
    private async Task TryAgainAsync(UnitOfWork unit, Exception failure)
    {
        await _judging.WaitAsync().ConfigureAwait(false);
        try
        {
            unit.Submissions.RemoveAll(submission => submission.FailsBehind());
            Submission[] failed = [.. unit.Submissions];
            if (failed.Length == 0) return;
            if (failed.Length == 1 && failure is not StateStoreException)
            {
                failed[0].Fail(Failures.Note(failure));
                return;
            }

            if (failure is StateStoreException { IsConflict: true } && await TryTogetherAsync(unit, failure).ConfigureAwait(false) is var outcome)
            {
                if (outcome is null) return;
                failure = outcome;
            }

            await TryAloneAsync(failed, failure).ConfigureAwait(false);
        }
        finally
        {
            _judging.Release();
        }
    }

    /// <summary>Judges what another replica was faster than anew, as a whole, until it comes through; the loop stands, so that this replica is not its own rival.</summary>
    /// <returns>Why it failed in the end; null where it was answered.</returns>
    private async Task<Exception?> TryTogetherAsync(UnitOfWork unit, Exception failure)
    {
        for (var tries = 0; tries < ConflictTries && failure is StateStoreException { IsConflict: true }; tries++)
        {
            try
            {
                await FinishAsync(unit, await JudgeAsync(unit, isInTurn: true).ConfigureAwait(false)).ConfigureAwait(false);
                return null;
            }
            catch (Exception next)
            {
                failure = next;
            }
        }

        return failure;
    }

    private async Task TryAloneAsync(Submission[] failed, Exception failure)
    {
        foreach (var submission in failed)
        {
            if (submission.FailsBehind()) continue;
            var last = failure is not StateStoreException || _storeFailuresInARow < StoreFailuresToStop ? await TryAloneAsync(submission).ConfigureAwait(false) : failure;
            if (last is not null) submission.Fail(Failures.Note(last));
        }
    }

    /// <returns>Why it failed; null where it was answered.</returns>
    private async Task<Exception?> TryAloneAsync(Submission submission)
    {
        var unit = _units.Rent();
        unit.Submissions.Add(submission);
        try
        {
            await FinishAsync(unit, await JudgeAsync(unit, isInTurn: true).ConfigureAwait(false)).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure)
        {
            if (failure is StateStoreException) _storeFailuresInARow++;
            return failure;
        }
        finally
        {
            _units.Return(unit);
        }
    }
}
