using System.Text.Json.Nodes;
using RiskEngine.Host.Tests.Authentik.Blueprint;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary>The tables of an authentik that has applied the blueprint: objects as its API shows them, by the path they are listed under.</summary>
internal sealed class AppliedBlueprint
{
    private readonly Dictionary<string, string> _keys = [];
    private readonly BlueprintFile _file;

    public AppliedBlueprint(BlueprintFile file)
    {
        _file = file;
        Add("flows/instances", new JsonObject
        {
            ["pk"] = Key("flow"), ["policybindingmodel_ptr_id"] = Key("flow", "ptr"), ["name"] = "Welcome", ["slug"] = (string)file.Context["flow"]!, ["title"] = "Welcome", ["designation"] = "authentication",
            ["background_url"] = "", ["background_themed_urls"] = null, ["stages"] = new JsonArray(), ["policies"] = new JsonArray(), ["cache_count"] = 0, ["export_url"] = "",
        });
        AddStage("default-authentication-identification", "ak-stage-identification-form", 10);
        AddStage("default-authentication-password", "ak-stage-password-form", 20);
        AddStage("default-authentication-login", "ak-stage-user-login-form", 100);
        foreach (var entry in file.Entries) Apply(entry);
        Add("managed/blueprints", new JsonObject
        {
            ["pk"] = Key("instance"), ["name"] = "RiskEngine", ["path"] = "riskengine.yaml", ["enabled"] = true, ["status"] = "successful", ["last_applied"] = Now, ["last_applied_hash"] = "00",
            ["managed_models"] = new JsonArray(), ["context"] = new JsonObject(),
            ["metadata"] = new JsonObject { ["name"] = "RiskEngine", ["labels"] = new JsonObject { ["riskengine/revision"] = Host.Authentik.BlueprintText.Embedded.Revision } },
        });
    }

    public Dictionary<string, List<JsonObject>> Tables { get; } = [];

    /// <summary>Gets the rights of the account's role that hold for every object.</summary>
    public HashSet<string> Rights { get; } = [];

    /// <summary>Gets the account, as <c>core/users/me</c> tells of it.</summary>
    public JsonObject Account { get; private set; } = [];

    private static string Now => DateTimeOffset.UtcNow.ToString("O");

    /// <summary>The key of an object, by its entry's id or another name.</summary>
    public string Key(string id, string part = "") => _keys.TryGetValue(id + part, out var key) ? key : _keys[id + part] = Guid.NewGuid().ToString();

    public JsonObject Of(string table, string name) => Tables[table].Single(item => (string?)item["name"] == name);

    private void Apply(Entry entry)
    {
        var id = entry.Id ?? Guid.NewGuid().ToString();
        var item = new JsonObject { ["pk"] = Key(id) };
        foreach (var (name, value) in entry.Values) item[name] = Json(value);
        switch (entry.Model)
        {
            case "authentik_rbac.role":
                Rights.UnionWith(((List<object?>)entry.Attributes["permissions"]!).Cast<string>());
                item.Remove("permissions");
                Add("rbac/roles", item);
                break;
            case "authentik_core.group":
                foreach (var list in new[] { "parents_obj", "users_obj", "roles_obj", "inherited_roles_obj", "children", "children_obj", "users" }) item[list] = new JsonArray();
                item["num_pk"] = 1;
                Add("core/groups", item);
                break;
            case "authentik_core.user":
                AddUser(item);
                break;
            case "authentik_flows.flowstagebinding":
                item["policybindingmodel_ptr_id"] = Key(id, "ptr");
                item["target"] = Key("flow");
                item["stage_obj"] = entry.Identifiers["stage"] is KeyOf stage ? Shown(stage.Id) : Component("default-authentication-mfa-validation");
                Add("flows/bindings", item);
                break;
            case "authentik_policies.policybinding":
                var target = ((KeyOf)entry.Identifiers["target"]!).Id;
                item["target"] = _file[target].Model == "authentik_flows.flowstagebinding" ? Key(target, "ptr") : Key(target);
                (item["policy_obj"], item["group_obj"], item["user_obj"], item["expires"], item["expiring"]) = (Shown(((KeyOf)entry.Identifiers["policy"]!).Id), null, null, null, false);
                Add("policies/bindings", item);
                break;
            case "authentik_stages_authenticator_validate.authenticatorvalidatestage":
                foreach (var (name, value) in Component((string)item["name"]!)) item.TryAdd(name, value?.DeepClone());
                item["webauthn_allowed_device_types_obj"] = new JsonArray();
                Add("stages/authenticator/validate", item);
                break;
            case "authentik_events.notificationtransport":
                item["mode_verbose"] = "Webhook";
                Add("events/transports", item);
                break;
            case "authentik_events.notificationrule":
                item["destination_group_obj"] = Of("core/groups", "riskengine").DeepClone();
                Add("events/rules", item);
                break;
        }
    }

    /// <summary>A stage that authentik's own flow has.</summary>
    private void AddStage(string name, string component, int order)
    {
        var stage = Component(name);
        stage["component"] = component;
        Add("flows/bindings", new JsonObject
        {
            ["pk"] = Key(name, "binding"), ["policybindingmodel_ptr_id"] = Key(name, "ptr"), ["target"] = Key("flow"), ["stage"] = Key(name), ["stage_obj"] = stage, ["order"] = order,
            ["evaluate_on_plan"] = false, ["re_evaluate_policies"] = true, ["policy_engine_mode"] = "any",
        });
    }

    private void AddUser(JsonObject item)
    {
        item["pk"] = 7;
        (item["is_superuser"], item["is_active"], item["avatar"], item["uid"], item["uuid"]) = (false, true, "", "u7", Key("user"));
        foreach (var date in new[] { "date_joined", "last_updated", "password_change_date" }) item[date] = Now;
        (item["groups_obj"], item["roles_obj"]) = (new JsonArray(), new JsonArray());
        ((JsonArray)Of("core/groups", "riskengine")["users"]!).Add(7);
        Add("core/users", item);
        Account = new JsonObject
        {
            ["pk"] = 7, ["username"] = "riskengine", ["name"] = "RiskEngine", ["type"] = "service_account", ["is_active"] = true, ["is_superuser"] = false, ["is_current"] = true,
            ["groups"] = new JsonArray(), ["roles"] = new JsonArray(new JsonObject { ["pk"] = Key("role"), ["name"] = "riskengine" }), ["avatar"] = "", ["uid"] = "u7",
            ["settings"] = new JsonObject(), ["system_permissions"] = new JsonArray(),
        };
    }

    /// <summary>A policy or a stage as others show it.</summary>
    private JsonObject Shown(string id) => Component((string)_file[id].Identifiers["name"]!, id);

    private JsonObject Component(string name, string? id = null) => new()
    {
        ["pk"] = Key(id ?? name), ["name"] = name, ["component"] = "", ["verbose_name"] = "", ["verbose_name_plural"] = "", ["meta_model_name"] = "", ["flow_set"] = new JsonArray(), ["bound_to"] = 1,
    };

    private JsonNode? Json(object? value) => value switch
    {
        KeyOf key => JsonValue.Create(Key(key.Id)),
        Find => JsonValue.Create(Key("default-authentication-mfa-validation")),
        List<object?> list => new JsonArray([.. list.Select(Json)]),
        Dictionary<string, object?> mapping => new JsonObject(mapping.Select(pair => KeyValuePair.Create(pair.Key, Json(pair.Value)))),
        bool flag => JsonValue.Create(flag),
        long number => JsonValue.Create(number),
        _ => JsonValue.Create((string?)value),
    };

    private void Add(string table, JsonObject item)
    {
        if (!Tables.TryGetValue(table, out var items)) Tables[table] = items = [];
        items.Add(item);
    }
}
