using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Cli;

/// <summary>Reads <c>--roles</c>.</summary>
internal static class RoleList
{
    private static readonly (string Name, ServeRoles Role)[] Roles = [("all", ServeRoles.All), ("collector", ServeRoles.Collector), ("engine", ServeRoles.Engine), ("api", ServeRoles.Api)];

    /// <summary>Gets the names there are.</summary>
    public static string Names { get; } = string.Join(", ", Roles.Select(role => role.Name));

    /// <exception cref="CommandFailure">A name is unknown, or roles are asked for that cannot be had without each other.</exception>
    public static ServeRoles Read(string? list)
    {
        if (list is null) return ServeRoles.All;
        var roles = ServeRoles.None;
        foreach (var name in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var index = Array.FindIndex(Roles, role => role.Name == name);
            if (index < 0) throw new CommandFailure(ExitCode.Usage, $"--roles: there is no role '{name}'; there are {Names}.");
            roles |= Roles[index].Role;
        }

        if (roles == ServeRoles.None) throw new CommandFailure(ExitCode.Usage, $"--roles: names no role; there are {Names}.");
        if (roles.HasFlag(ServeRoles.Api) && !roles.HasFlag(ServeRoles.Engine))
            throw new CommandFailure(ExitCode.Usage, "--roles: api answers from what the engine of the same process remembers; give engine,api.");
        // Who judges answers too.
        return roles.HasFlag(ServeRoles.Engine) ? roles | ServeRoles.Api : roles;
    }
}
