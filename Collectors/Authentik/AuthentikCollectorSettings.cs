using RiskEngine.Core.Facts;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Which authentik is asked, and how.</summary>
public sealed record AuthentikCollectorSettings
{
    /// <summary>Gets the address of authentik, without <c>/api/v3</c>; a path before it is kept.</summary>
    public required Uri Url { get; init; }

    /// <summary>Gets the token, read anew for each poll so that it can be changed; null where it cannot be read. Never logged.</summary>
    public required Func<string?> ReadToken { get; init; }

    /// <summary>Gets which addresses may be asked at all.</summary>
    public OutboundRules Outbound { get; init; } = new();

    /// <summary>Gets whether http beyond this machine is meant. The default is false.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Gets how far behind the newest row each poll begins again: authentik dates a row before it commits it.</summary>
    /// <value>One minute to one hour. The default is two minutes.</value>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets how far back the very first poll begins.</summary>
    /// <value>Zero to seven days, within which repeats can be told. The default is one day.</value>
    public TimeSpan Backfill { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets how long one request may take, its body included.</summary>
    /// <value>The default is ten seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the rows of one page; authentik caps it at 100 by default.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Gets the pages that one poll reads at most; the next one goes on.</summary>
    /// <value>3 or more. The default is 50, which is 5,000 rows.</value>
    public int PagesPerPoll { get; init; } = 50;

    /// <summary>Gets the largest answer that is read.</summary>
    /// <value>The default is 8 MiB.</value>
    public int BodyLimit { get; init; } = 8 * 1024 * 1024;
}
