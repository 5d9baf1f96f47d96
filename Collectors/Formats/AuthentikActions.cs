using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What authentik's actions are called here. An action nobody mapped is kept as <see cref="EventKind.Other"/>: the list of actions is open.</summary>
internal static class AuthentikActions
{
    public static EventKind Map(ReadOnlySpan<byte> action, bool isSecondFactor, bool isNewAccount, bool isAuthenticator)
    {
        if (action.SequenceEqual("login"u8)) return EventKind.Login;
        if (action.SequenceEqual("login_failed"u8)) return isSecondFactor ? EventKind.MfaFailed : EventKind.LoginFailed;
        if (action.SequenceEqual("logout"u8)) return EventKind.Logout;
        if (action.SequenceEqual("password_set"u8)) return EventKind.PasswordChanged;
        if (action.SequenceEqual("user_write"u8)) return isNewAccount ? EventKind.AccountCreated : EventKind.AccountChanged;
        if (action.SequenceEqual("model_created"u8)) return isAuthenticator ? EventKind.FactorAdded : EventKind.Other;
        if (action.SequenceEqual("impersonation_started"u8)) return EventKind.ImpersonationStarted;
        if (action.SequenceEqual("suspicious_request"u8)) return EventKind.SuspiciousRequest;
        return EventKind.Other;
    }

    /// <summary>Whether a model is somebody's second factor: a device of an authenticator stage, not the stage.</summary>
    public static bool IsAuthenticator(ReadOnlySpan<byte> app, ReadOnlySpan<byte> modelName) =>
        app.StartsWith("authentik_stages_authenticator"u8) && (modelName.EndsWith("device"u8) || modelName.EndsWith("token"u8));
}
