using System.Text;
using System.Text.RegularExpressions;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using YamlDotNet.RepresentationModel;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>The blueprint, held against authentik's description of its API.</summary>
public sealed partial class BlueprintSchemaTests
{
    private const string Meta = "authentik_blueprints.metaapplyblueprint";

    /// <summary>Fields that exist in blueprints only, not in the API: the global rights of a role.</summary>
    private static readonly (string Model, string Field)[] BlueprintOnly = [("authentik_rbac.role", "permissions")];

    /// <summary>Models with rights of their own that no blueprint may make.</summary>
    private static readonly Dictionary<string, string> OtherModels = new()
    {
        ["authentik_core.authenticatedsession"] = "AuthenticatedSession",
        ["authentik_policies_reputation.reputation"] = "Reputation",
    };

    private static ApiSchema Schema => ApiSchema.Of;

    [ApiSchemaFact]
    public void Every_field_of_every_entry_is_one_of_its_model_and_of_a_fitting_type()
    {
        Assert.Equal("2026.8.3", Schema.Version);
        var faults =
            from file in BlueprintFile.All
            from entry in file.Entries
            where entry.Model != Meta
            let request = Schema.Request(entry.Model)
            from fault in request is null ? ["there is no such model"] : FaultsOf(file, entry, request)
            select $"{entry.Model} {entry.Id}: {fault}";
        Assert.Empty(faults.Distinct());
    }

    [ApiSchemaFact]
    public void Every_model_is_one_that_blueprints_may_make()
    {
        var models = Schema.Enumeration("ModelEnum");
        Assert.DoesNotContain(BlueprintFile.All.SelectMany(file => file.Entries).Select(entry => entry.Model).Distinct(), model => model != Meta && !models.Contains(model));
    }

    [ApiSchemaFact]
    public void Every_right_that_is_granted_exists_and_is_written_as_app_and_codename()
    {
        var rights = BlueprintFile.All.SelectMany(file => file.Entries).SelectMany(Rights).Distinct().ToList();
        Assert.NotEmpty(rights);
        Assert.DoesNotContain(rights, right => !Exists(right));
    }

    /// <summary>Those that the formats understand, and no others: each costs authentik a task and a request.</summary>
    [ApiSchemaFact]
    public void Every_kind_that_is_understood_is_sent_and_no_other()
    {
        var matchers = BlueprintFile.Default.Of("authentik_policies_event_matcher.eventmatcherpolicy").ToList();
        var known = Schema.Enumeration("EventActions").Where(action => AuthentikActions.Map(Encoding.UTF8.GetBytes(action), false, false, true) != EventKind.Other);
        Assert.Equal(known.Order(), matchers.Select(matcher => (string)matcher.Attributes["action"]!).Distinct().Order());

        var devices = Schema.Enumeration("ModelEnum").Where(IsAuthenticator);
        Assert.Equal(devices.Order(), matchers.Select(matcher => matcher.Attributes.GetValueOrDefault("model")).OfType<string>().Order());
        Assert.All(matchers, matcher => Assert.Equal(Equals(matcher.Attributes["action"], "model_created"), matcher.Attributes.ContainsKey("model")));

        var bound = BlueprintFile.Default.Of("authentik_policies.policybinding").Where(binding => Equals(binding.Identifiers["target"], new KeyOf("rule"))).Select(binding => ((KeyOf)binding.Identifiers["policy"]!).Id);
        Assert.Equal(matchers.Select(matcher => matcher.Id!), bound);
    }

    private static IEnumerable<string> FaultsOf(BlueprintFile file, Entry entry, YamlMappingNode request)
    {
        var properties = (YamlMappingNode)request["properties"];
        foreach (var (name, value) in entry.Values)
        {
            if (BlueprintOnly.Contains((entry.Model, name))) continue;
            if (!properties.Children.TryGetValue(name, out var property)) yield return $"{name} is no field";
            else if (Schema.Fault((YamlMappingNode)property, value, key => file[key.Id].Model == "authentik_core.user") is { } fault) yield return $"{name}: {fault}";
        }

        foreach (var required in ((YamlSequenceNode)request["required"]).Children.Cast<YamlScalarNode>())
        {
            if (!entry.Values.Any(pair => pair.Key == required.Value)) yield return $"{required.Value} is missing";
        }
    }

    private static IEnumerable<string> Rights(Entry entry) =>
        (entry.Attributes.TryGetValue("permissions", out var granted) ? ((List<object?>)granted!).Cast<string>() : []).Concat(entry.Permissions.Select(permission => (string)permission["permission"]!));

    private static bool Exists(string right)
    {
        if (right is "authentik_core.add_user_to_group") return Schema.Operations.Contains("core_groups_add_user_create");
        if (right is "authentik_core.remove_user_from_group") return Schema.Operations.Contains("core_groups_remove_user_create");
        if (Right().Match(right) is not { Success: true } parts) return false;
        var model = $"{parts.Groups["app"].Value}.{parts.Groups["model"].Value}";
        return OtherModels.TryGetValue(model, out var schema) ? Schema.Has(schema) : Schema.Enumeration("ModelEnum").Contains(model);
    }

    private static bool IsAuthenticator(string model) => model.Split('.') is [var app, var name] && AuthentikActions.IsAuthenticator(Encoding.UTF8.GetBytes(app), Encoding.UTF8.GetBytes(name));

    [GeneratedRegex(@"^(?<app>authentik_[a-z_]+)\.(?:view|add|change|delete)_(?<model>[a-z]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Right();
}
