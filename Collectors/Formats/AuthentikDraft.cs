using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What an authentik event says beside the fields of a login event, until its members have all been seen.</summary>
internal struct AuthentikDraft()
{
    public Slice Action;

    /// <summary>The member <c>event</c>, which only log lines have.</summary>
    public Slice LogEvent;

    /// <summary>The name typed into the login page, of the log line <c>invalid_login</c>.</summary>
    public Slice Identifier;

    /// <summary>The request id that the blueprint's policy asked for a decision with; every HTTP request of a flow has another one of its own.</summary>
    public Slice AskedAs;

    public Slice ContextUserName;
    public Slice DeviceClass;
    public Slice ModelApp;
    public Slice ModelName;
    public Slice Message;
    public Slice Pk;
    public EventTime Created;
    public EventTime Timestamp;
    public bool IsAnonymous;
    public bool IsNewAccount;

    /// <summary>Whether we wrote it ourselves (the responder's mark stands in its context): read back in, it would speak for itself.</summary>
    public bool IsOurs;

    /// <summary>Where the time stands in the record, for a defect.</summary>
    public int TimeAt = -1;

    /// <summary>Whether there was a list of events; then the rest is only its envelope.</summary>
    public bool IsEnvelope;
}
