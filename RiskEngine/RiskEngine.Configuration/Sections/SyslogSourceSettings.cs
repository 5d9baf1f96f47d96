using System.ComponentModel.DataAnnotations;
using System.Net;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>How syslog travels.</summary>
public enum SyslogProtocol
{
    Udp,
    Tcp,
}

/// <summary>One address that syslog is taken at, under <c>sources.syslog</c>.</summary>
public sealed record SyslogSourceSettings : ICheckedInPart, IUniquelyNamed
{
    private const int LongestName = 64;

    /// <summary>Gets the name in metrics and logs, part of the ids of events.</summary>
    /// <value>1 to 64 letters, digits, dots, dashes and underscores.</value>
    public required string Name { get; init; }

    public SyslogProtocol Protocol { get; init; } = SyslogProtocol.Udp;

    /// <summary>Gets the address to listen at.</summary>
    /// <value>The default is 127.0.0.1: this machine only.</value>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Gets the port.</summary>
    /// <value>0 (any that is free) to 65535. The default is 5514.</value>
    [Range(0, 65535)]
    public int Port { get; init; } = 5514;

    /// <summary>Gets the format of the messages; it cannot be told by itself.</summary>
    [FilePath(Prefix = "mapped:")]
    public required string Format { get; init; }

    /// <summary>Gets how far the clock that wrote classic times is ahead of UTC; null for the time zone of this machine.</summary>
    public UtcOffset? UtcOffset { get; init; }

    /// <summary>Gets the bytes that may wait; beyond them UDP drops and TCP makes senders wait.</summary>
    /// <value>131072 to 67108864 bytes. The default is 4194304, 4 MiB.</value>
    [Range(131_072, 67_108_864)]
    public int QueueBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Gets whether it is meant to listen beyond this machine, where anybody can send events. A footgun: warned of at every start.</summary>
    public bool AllowPublicBinding { get; init; }

    string IUniquelyNamed.Plural => "sources";

    string IUniquelyNamed.UniqueName => Name;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name is { } name && (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')))
            yield return new ValidationResult($"expected 1 to {LongestName} letters, digits, dots, dashes and underscores", [nameof(Name)]);
        if (Format == "auto") yield return new ValidationResult("name the format: messages come one by one, and it cannot be told from the first", [nameof(Format)]);
        if (!IPAddress.TryParse(Address, out var address)) yield return new ValidationResult($"expected an IP address of this machine, found \"{Address}\"", [nameof(Address)]);
        else if (!IPAddress.IsLoopback(address) && !AllowPublicBinding)
            yield return new ValidationResult("syslog shows no key, so anybody who reaches this address can send events; listen at 127.0.0.1, or set allow_public_binding: true where a firewall lets only your appliances through", [nameof(Address), nameof(AllowPublicBinding)]);
    }
}
