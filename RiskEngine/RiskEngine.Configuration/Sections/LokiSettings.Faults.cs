using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace RiskEngine.Configuration;

/// <summary>What Loki would not take, told before anything is sent.</summary>
public sealed partial record LokiSettings
{
    private const int MostLabels = 8, LongestValue = 100, LongestTenant = 150;

    /// <summary>Labels that this program gives itself.</summary>
    private static readonly string[] Own = ["app", "env", "level", "stream", "source", "risk_level", "decision"];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => TargetFaults().Concat(LabelFaults());

    private IEnumerable<ValidationResult> TargetFaults()
    {
        if (Url is { } url)
        {
            if (url.Query.Length > 0 || url.Fragment.Length > 0) yield return new ValidationResult("name scheme, host, port and path only", [nameof(Url)]);
            else if (url.AbsolutePath.Contains("/api/v1/push", StringComparison.Ordinal)) yield return new ValidationResult("leave out /loki/api/v1/push; it is added", [nameof(Url)]);
            if (Streams == LokiStreams.None) yield return new ValidationResult("is empty, so nothing would ever be sent; name what to send, or leave it out for everything", [nameof(Streams)]);
        }
        else if (TokenFile is not null || Username is not null || Tenant is not null)
        {
            yield return new ValidationResult("is missing: the address of Loki, such as http://127.0.0.1:3100", [nameof(Url)]);
        }

        if (Username is null != PasswordFile is null) yield return new ValidationResult("username and password_file go together; set both or none", [nameof(PasswordFile)]);
        if (TokenFile is not null && Username is not null) yield return new ValidationResult("give a token or a name with a password, not both", [nameof(TokenFile)]);
        if (Username?.Contains(':', StringComparison.Ordinal) == true) yield return new ValidationResult("must hold no colon, which ends it in the header (RFC 7617)", [nameof(Username)]);
        if (Tenant is { } tenant && (tenant is "." or ".." || tenant.Length > LongestTenant || !TenantText().IsMatch(tenant)))
            yield return new ValidationResult($"expected 1 to {LongestTenant} letters, digits and of !-_.*'() as Loki has them", [nameof(Tenant)]);
    }

    private IEnumerable<ValidationResult> LabelFaults()
    {
        if (!IsValue(Env)) yield return new ValidationResult($"expected 1 to {LongestValue} printable characters", [nameof(Env)]);
        if (Labels.Count > MostLabels) yield return new ValidationResult($"expected {MostLabels} at most: each set of labels is a stream of its own", [nameof(Labels)]);
        foreach (var (name, value) in Labels)
        {
            if (Own.Contains(name)) yield return new ValidationResult($"{name} is a label that this program sets itself", [nameof(Labels)]);
            else if (!LabelName().IsMatch(name)) yield return new ValidationResult($"'{name}' is no name of a label: letters, digits and underscores, no digit first, no two underscores first", [nameof(Labels)]);
            else if (!IsValue(value)) yield return new ValidationResult($"{name}: expected 1 to {LongestValue} printable characters", [nameof(Labels)]);
        }
    }

    private static bool IsValue(string value) => value.Length is > 0 and <= LongestValue && !value.Any(char.IsControl);

    [GeneratedRegex(@"\A(?!__)[a-zA-Z_][a-zA-Z0-9_]{0,63}\z")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\A[a-zA-Z0-9!\-_.*'()]+\z")]
    private static partial Regex TenantText();
}
