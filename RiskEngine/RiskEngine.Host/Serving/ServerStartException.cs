namespace RiskEngine.Host.Serving;

/// <summary>The server cannot start as it is configured, with words for the operator; exit code 2.</summary>
public sealed class ServerStartException(string message) : Exception(message);
