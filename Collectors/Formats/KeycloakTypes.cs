using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What Keycloak's types of events are called here. A type nobody mapped is kept as <see cref="EventKind.Other"/>: the list grows with releases.</summary>
/// <remarks>
/// <c>CODE_TO_TOKEN</c> and <c>REFRESH_TOKEN</c> are sent by applications from addresses of their own, and so say nothing of where a person is.
/// Errors of a login that are not about who signs in (an expired page, an unknown client) are no failed login.
/// </remarks>
internal static class KeycloakTypes
{
    /// <param name="type">Without the prefix that some senders give it.</param>
    /// <param name="error">Empty where there was none.</param>
    /// <param name="credentialType">What was changed or tried: <c>password</c>, <c>otp</c>, <c>webauthn</c>; mostly empty.</param>
    public static EventKind MapUserEvent(ReadOnlySpan<byte> type, ReadOnlySpan<byte> error, ReadOnlySpan<byte> credentialType)
    {
        if (type.SequenceEqual("LOGIN"u8)) return EventKind.Login;
        if (type.SequenceEqual("LOGIN_ERROR"u8)) return MapFailure(error, credentialType);
        if (type.SequenceEqual("LOGOUT"u8)) return EventKind.Logout;
        if (type.SequenceEqual("CLIENT_LOGIN"u8)) return EventKind.TokenUsed;
        if (type.SequenceEqual("REGISTER"u8)) return EventKind.AccountCreated;
        if (type.SequenceEqual("UPDATE_PASSWORD"u8)) return EventKind.PasswordChanged;
        if (type.SequenceEqual("UPDATE_TOTP"u8)) return EventKind.FactorAdded;
        if (type.SequenceEqual("UPDATE_CREDENTIAL"u8)) return credentialType.SequenceEqual("password"u8) ? EventKind.PasswordChanged : EventKind.FactorAdded;
        if (type.SequenceEqual("IMPERSONATE"u8)) return EventKind.ImpersonationStarted;
        var isChange = type.SequenceEqual("UPDATE_EMAIL"u8) || type.SequenceEqual("UPDATE_PROFILE"u8) || type.SequenceEqual("REMOVE_TOTP"u8) || type.SequenceEqual("REMOVE_CREDENTIAL"u8);
        return isChange ? EventKind.AccountChanged : EventKind.Other;
    }

    /// <param name="action">What stands behind the account in the path, such as <c>reset-password</c>; empty for the account itself.</param>
    public static EventKind MapAdminEvent(ReadOnlySpan<byte> operation, ReadOnlySpan<byte> action)
    {
        if (action.IsEmpty && operation.SequenceEqual("CREATE"u8)) return EventKind.AccountCreated;
        if (action.IsEmpty && operation.SequenceEqual("UPDATE"u8)) return EventKind.AccountChanged;
        if (action.SequenceEqual("reset-password"u8)) return EventKind.PasswordChanged;
        if (action.SequenceEqual("impersonation"u8)) return EventKind.ImpersonationStarted;
        return EventKind.Other;
    }

    /// <summary>Whether the credential is a second factor.</summary>
    public static bool IsFactor(ReadOnlySpan<byte> credentialType) => !credentialType.IsEmpty && !credentialType.SequenceEqual("password"u8);

    private static EventKind MapFailure(ReadOnlySpan<byte> error, ReadOnlySpan<byte> credentialType)
    {
        var isAboutPerson = error.IsEmpty || error.SequenceEqual("invalid_user_credentials"u8) || error.SequenceEqual("user_not_found"u8)
            || error.SequenceEqual("user_disabled"u8) || error.SequenceEqual("user_temporarily_disabled"u8) || error.SequenceEqual("rejected_by_user"u8)
            || error.SequenceEqual("identity_provider_login_failure"u8) || error.SequenceEqual("different_user_authenticated"u8);
        if (!isAboutPerson) return EventKind.Other;
        return IsFactor(credentialType) ? EventKind.MfaFailed : EventKind.LoginFailed;
    }
}
