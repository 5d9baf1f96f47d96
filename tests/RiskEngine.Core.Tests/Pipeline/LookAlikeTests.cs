using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>Accounts named like others, from the event to the assessment.</summary>
public sealed class LookAlikeTests
{
    [Fact]
    public async Task A_new_account_named_like_a_service_account_is_told()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Backup(0), Made("99", "svc_backup", 24), Used("99", "svc_backup", 25));
        Assert.Contains("new account named like a service account known 1 day longer", judging.Lines[^1], StringComparison.Ordinal);
        await judging.SubmitAsync(Backup(26));
        Assert.DoesNotContain("look_alike", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_account_is_known_by_its_tokens_too()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Backup(0) with { Kind = EventKind.TokenUsed }, Made("99", "5vc-backup", 24), Used("99", "5vc-backup", 25));
        Assert.Contains("look_alike", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_before_the_login_hears_of_it_too()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Backup(0), Made("99", "svc_backup", 24));
        await judging.EvaluateAsync(Used("99", "svc_backup", 25) with { Kind = EventKind.LoginAttempt });
        await judging.SubmitAsync(Used("99", "svc_backup", 26));
        Assert.Contains("look_alike", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_made_anew_under_its_old_name_is_no_copy()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Backup(0), Made("99", "SVC-Backup", 24), Used("99", "SVC-Backup", 25));
        Assert.DoesNotContain("look_alike", judging.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_at_a_name_first_does_not_make_the_owner_a_copy()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(
            new Login("99", TimeSpan.Zero, Kind: EventKind.LoginAttempt) { Name = "svc_backup" }, new Login("99", TimeSpan.Zero, Kind: EventKind.LoginFailed) { Name = "svc_backup" },
            new Login("svc_backup", TimeSpan.Zero, Kind: EventKind.LoginFailed) { UnknownName = true });
        await judging.SubmitAsync(Made("7", "svc-backup", 24), Used("7", "svc-backup", 25));
        Assert.DoesNotContain("look_alike", judging.Lines[^1], StringComparison.Ordinal);
    }

    private static Login Backup(int hours) => Used("7", "svc-backup", hours) with { IsService = true };

    private static Login Used(string subject, string name, int hours) => new(subject, TimeSpan.FromHours(hours)) { Name = name };

    private static Login Made(string subject, string name, int hours) => new(subject, TimeSpan.FromHours(hours), "", EventKind.AccountCreated) { Name = name };
}
