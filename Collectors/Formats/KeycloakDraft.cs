using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What a Keycloak event says beside the fields of a login event, until its members have all been seen.</summary>
internal struct KeycloakDraft()
{
    public Slice Type;
    public Slice UserId;
    public Slice Session;
    public Slice UserName;
    public Slice Impersonator;
    public Slice CredentialType;

    /// <summary>What an administrator did; empty for events of users.</summary>
    public Slice OperationType;
    public Slice ResourceType;
    public Slice ResourcePath;

    /// <summary>The administrator.</summary>
    public Slice AdministratorId;

    /// <summary>Where the time stands in the record, for a defect.</summary>
    public int TimeAt = -1;

    public readonly bool IsByAdministrator => !OperationType.IsEmpty;
}
